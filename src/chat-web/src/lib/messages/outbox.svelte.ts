import { BackoffTimer } from '../realtime/backoff-timer';

/** Messages that may wait in one room; then the composer keeps its text. */
export const OUTBOX_MAX = 50;
/** Automatic attempts for one message before a person is asked; more than a minute. */
export const ATTEMPTS_MAX = 20;

export type OutgoingState = 'queued' | 'sending' | 'waiting' | 'sent' | 'failed' | 'refused';

export interface Outgoing {
  readonly commandId: string;
  readonly text: string;
  readonly createdAt: string;
  readonly state: OutgoingState;
  /** The timeline's position when it was first sent; its own event can only come later. */
  readonly sentAfter: number | null;
  /** Where it stands in the room, once the server has said so. */
  readonly position: number | null;
  readonly problem: string | null;
  /** Attempts that found no server. */
  readonly tries: number;
}

export type PostResult =
  | { readonly kind: 'posted'; readonly position: number }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unavailable'; readonly message: string; readonly retryAfterMs: number };

export interface OutboxPorts {
  /** Never throws. The same commandId may be posted any number of times. */
  readonly post: (commandId: string, text: string) => Promise<PostResult>;
  readonly timelinePosition: () => number;
  readonly newCommandId: () => string;
  /** Where unsent messages survive a reload of the page. */
  readonly read: () => string | null;
  readonly write: (value: string | null) => void;
  readonly random?: () => number;
}

/** A room's own messages on their way: one at a time, in order, each under one commandId for ever. */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #backoff: BackoffTimer;
  #items = $state.raw<readonly Outgoing[]>([]);
  #busy = false;
  #stopped = false;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#backoff = new BackoffTimer(ports.random);
    this.#items = revive(ports.read());
  }

  get items(): readonly Outgoing[] {
    return this.#items;
  }

  get full(): boolean {
    return this.#items.filter((item) => item.state !== 'sent').length >= OUTBOX_MAX;
  }

  /** False when too many wait already. */
  add(text: string): boolean {
    if (this.full) return false;
    const item: Outgoing = {
      commandId: this.#ports.newCommandId(),
      text,
      createdAt: new Date().toISOString(),
      state: 'queued',
      sentAfter: null,
      position: null,
      problem: null,
      tries: 0,
    };
    this.#set([...this.#items, item]);
    void this.#pump();
    return true;
  }

  retry(commandId: string): void {
    this.#change(commandId, { state: 'queued', problem: null, tries: 0 });
    this.wake();
  }

  discard(commandId: string): void {
    this.#set(this.#items.filter((item) => item.commandId !== commandId));
    this.wake();
  }

  /** The connection is back: what waited or gave up for lack of it goes out now. */
  wake(): void {
    this.#backoff.reset();
    for (const item of this.#items) {
      if (item.state === 'failed' || item.state === 'waiting') this.#change(item.commandId, { state: 'queued' });
    }
    void this.#pump();
  }

  /** The timeline reached this position: what lies at or before it is shown there. */
  settle(position: number): void {
    const left = this.#items.filter((item) => item.position === null || item.position > position);
    if (left.length !== this.#items.length) this.#set(left);
  }

  stop(): void {
    this.#stopped = true;
    this.#backoff.reset();
  }

  async #pump(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let item = this.#next(); item && !this.#stopped; item = this.#next()) {
        if (item.state !== 'queued') return;
        await this.#send(item);
      }
    } finally {
      this.#busy = false;
    }
  }

  /** The first that is not yet decided. One that waits or gave up holds back those behind it, so that order is kept. */
  #next(): Outgoing | undefined {
    return this.#items.find((item) => item.state !== 'sent' && item.state !== 'refused');
  }

  async #send(item: Outgoing): Promise<void> {
    const sentAfter = item.sentAfter ?? this.#ports.timelinePosition();
    this.#change(item.commandId, { state: 'sending', sentAfter, problem: null });
    const result = await this.#ports.post(item.commandId, item.text);
    if (this.#stopped) return;
    switch (result.kind) {
      case 'posted':
        this.#backoff.reset();
        this.#change(item.commandId, { state: 'sent', position: result.position });
        this.settle(this.#ports.timelinePosition());
        return;
      case 'refused':
        this.#backoff.reset();
        this.#change(item.commandId, { state: 'refused', problem: result.message });
        return;
      case 'unavailable':
        if (this.#backoff.attempts + 1 >= ATTEMPTS_MAX) {
          this.#backoff.reset();
          this.#change(item.commandId, { state: 'failed', problem: result.message });
          return;
        }
        this.#change(item.commandId, { state: 'waiting', tries: item.tries + 1 });
        this.#backoff.schedule(() => {
          this.#change(item.commandId, { state: 'queued' });
          void this.#pump();
        }, result.retryAfterMs);
    }
  }

  #change(commandId: string, change: Partial<Outgoing>): void {
    this.#set(this.#items.map((item) => (item.commandId === commandId ? { ...item, ...change } : item)));
  }

  #set(items: readonly Outgoing[]): void {
    this.#items = items;
    const unsent = items.filter((item) => item.state !== 'sent');
    this.#ports.write(unsent.length > 0 ? JSON.stringify(unsent) : null);
  }
}

/** What an earlier life of the page had not finished starts over; a refusal stays one. */
function revive(stored: string | null): Outgoing[] {
  if (stored === null) return [];
  const items = JSON.parse(stored) as Outgoing[];
  return items.slice(0, OUTBOX_MAX).map((item) => (item.state === 'refused' ? item : { ...item, state: 'queued' }));
}

/**
 * Own messages whose event came before the answer to the command, so that nothing shows twice for a moment.
 * The answer gives the position soon after and settles it; until then author, text and order have to do.
 */
export function withoutEchoes(
  items: readonly Outgoing[],
  posted: readonly { readonly position: number; readonly text: string; readonly author: { readonly id: string } }[],
  viewerId: string,
): Outgoing[] {
  const mine = posted.filter((message) => message.author.id === viewerId);
  const taken = new Set<number>();
  return items.filter((item) => {
    const { sentAfter } = item;
    if (sentAfter === null || item.state === 'refused') return true;
    const echo = mine.find(
      (message) =>
        message.position > sentAfter && !taken.has(message.position) && plain(message.text) === plain(item.text),
    );
    if (echo) taken.add(echo.position);
    return !echo;
  });
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
