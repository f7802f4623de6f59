import type { Sink } from '../graphql/socket';
import type { RequestError } from '../graphql/request-error';
import { BackoffTimer } from './backoff-timer';

/** A link that broke sooner than this after it was made counts as a failed attempt. */
export const STABLE_AFTER_MS = 5_000;

/** Reasons that another attempt would only repeat. */
const finalCodes = new Set(['UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'INVALID_INPUT', 'ROOM_BANNED']);

export type Link =
  | { readonly phase: 'idle' | 'connecting' | 'live' }
  /** `retryAt` is null while an attempt is under way. */
  | { readonly phase: 'offline' | 'reconnecting'; readonly retryAt: number | null }
  | { readonly phase: 'ended'; readonly code: string };

export interface Source<E> {
  /** Opens a subscription behind `after` and returns what closes it. */
  readonly open: (after: number, sink: Sink<E>) => () => void;
  /** The last position that was taken in: where to resume. */
  readonly position: () => number;
  readonly receive: (event: E) => void;
  readonly ended: (code: string) => void;
  readonly isOnline: () => boolean;
  readonly random?: () => number;
}

/** Keeps one subscription going through lost connections: every new attempt starts behind the last position seen. */
export class ResumingSubscription<E> {
  readonly #source: Source<E>;
  readonly #backoff: BackoffTimer;
  #link = $state.raw<Link>({ phase: 'idle' });
  #close: (() => void) | undefined;
  #liveSince = 0;

  constructor(source: Source<E>) {
    this.#source = source;
    this.#backoff = new BackoffTimer(source.random);
  }

  get link(): Link {
    return this.#link;
  }

  /** Opens at once, replacing what is open, from the position of now or, where given, from an earlier one. */
  open(from?: number): void {
    this.#drop();
    this.#link = this.#backoff.attempts > 0 ? this.#broken(null) : { phase: 'connecting' };
    // Late calls of a subscription that was replaced must not count for its successor.
    let current = true;
    const close = this.#source.open(from ?? this.#source.position(), {
      opened: () => current && this.#opened(),
      next: (event) => current && this.#source.receive(event),
      closed: (reason) => {
        if (!current) return;
        current = false;
        this.#closed(reason);
      },
    });
    if (!current) return;
    this.#close = () => {
      current = false;
      close();
    };
  }

  /** Tries again at once when it is waiting. */
  wake(): void {
    this.#backoff.wake();
  }

  stop(): void {
    this.#drop();
    this.#backoff.reset();
    this.#link = { phase: 'idle' };
  }

  #drop(): void {
    this.#backoff.cancel();
    this.#close?.();
    this.#close = undefined;
  }

  #opened(): void {
    this.#liveSince = Date.now();
    this.#link = { phase: 'live' };
  }

  #closed(reason: RequestError | null): void {
    this.#close = undefined;
    if (reason && finalCodes.has(reason.code)) {
      this.#backoff.reset();
      this.#link = { phase: 'ended', code: reason.code };
      this.#source.ended(reason.code);
      return;
    }
    const wasStable = this.#link.phase === 'live' && Date.now() - this.#liveSince >= STABLE_AFTER_MS;
    if (wasStable) this.#backoff.reset();
    const delay = this.#backoff.schedule(() => this.open(), reason?.retryAfterMs);
    this.#link = this.#broken(Date.now() + delay);
  }

  #broken(retryAt: number | null): Link {
    return { phase: this.#source.isOnline() ? 'reconnecting' : 'offline', retryAt };
  }
}
