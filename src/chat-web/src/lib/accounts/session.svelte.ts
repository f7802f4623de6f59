import {
  EnterAsGuestDocument,
  RegisterDocument,
  SignInDocument,
  SignOutDocument,
  WhoAmIDocument,
  type EnterAsGuestInput,
  type RefusalFragment,
  type RegisterInput,
  type SignedInViewerFragment,
  type SignInInput,
} from '../generated/operations';
import { RequestError } from '../graphql/request-error';
import type { Transport } from '../graphql/transport';
import { BackoffTimer } from '../realtime/backoff-timer';

export type SessionPhase = 'loading' | 'unreachable' | 'signedOut' | 'signedIn';

interface SessionAnswer {
  readonly viewer: SignedInViewerFragment | null;
  readonly errors: readonly RefusalFragment[];
}

/** Who is signed in with this browser's cookie. Other tabs share it. */
export class Session {
  readonly #transport: Transport;
  readonly #changed: (byThisTab: boolean) => void;
  readonly #backoff = new BackoffTimer();
  #viewer = $state.raw<SignedInViewerFragment | null>(null);
  #phase = $state<SessionPhase>('loading');
  #lost = $state(false);
  #asking: Promise<void> | undefined;

  /** `changed` runs when another account, or none, is signed in than this tab knew. */
  constructor(transport: Transport, changed: (byThisTab: boolean) => void) {
    this.#transport = transport;
    this.#changed = changed;
    transport.onSessionLost(() => void this.refresh());
  }

  get phase(): SessionPhase {
    return this.#phase;
  }

  get viewer(): SignedInViewerFragment | null {
    return this.#viewer;
  }

  /** The session ended without this tab asking for it. */
  get lost(): boolean {
    return this.#lost;
  }

  /** Asks the server who we are; keeps asking, ever slower, while it cannot be reached. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Tries again at once when it is waiting for the server. */
  wake(): void {
    this.#backoff.wake();
  }

  async register(input: RegisterInput): Promise<readonly RefusalFragment[]> {
    return this.#enter((await this.#transport.send(RegisterDocument, { input })).register);
  }

  async signIn(input: SignInInput): Promise<readonly RefusalFragment[]> {
    return this.#enter((await this.#transport.send(SignInDocument, { input })).signIn);
  }

  async enterAsGuest(input: EnterAsGuestInput): Promise<readonly RefusalFragment[]> {
    return this.#enter((await this.#transport.send(EnterAsGuestDocument, { input })).enterAsGuest);
  }

  async signOut(): Promise<readonly RefusalFragment[]> {
    const { errors } = (await this.#transport.send(SignOutDocument, {})).signOut;
    if (errors.length > 0) return errors;
    this.#lost = false;
    this.#become(null);
    this.#changed(true);
    return [];
  }

  async #enter({ viewer, errors }: SessionAnswer): Promise<readonly RefusalFragment[]> {
    if (errors.length > 0) return errors;
    this.#lost = false;
    // The cookie is set in any case; an answer without the viewer only needs one more question.
    if (viewer) this.#become(viewer);
    else await this.refresh();
    this.#changed(true);
    return [];
  }

  async #ask(): Promise<void> {
    this.#backoff.cancel();
    try {
      const { viewer } = await this.#transport.send(WhoAmIDocument, {});
      this.#backoff.reset();
      this.#discover(viewer);
    } catch (error) {
      if (error instanceof RequestError && error.code === 'UNAUTHENTICATED') this.#discover(null);
      else this.#unreachable();
    }
  }

  /** What the server says may differ from what this tab believed: another tab signs in and out too. */
  #discover(viewer: SignedInViewerFragment | null): void {
    const before = this.#viewer?.user.id;
    if (before !== undefined) this.#lost = viewer === null;
    this.#become(viewer);
    if (before !== viewer?.user.id && before !== undefined) this.#changed(false);
  }

  #become(viewer: SignedInViewerFragment | null): void {
    this.#viewer = viewer;
    this.#phase = viewer ? 'signedIn' : 'signedOut';
  }

  #unreachable(): void {
    // A page that is signed in already stays as it is: its own parts show that the server is away.
    if (this.#phase !== 'signedIn') this.#phase = 'unreachable';
    this.#backoff.schedule(() => void this.refresh());
  }
}
