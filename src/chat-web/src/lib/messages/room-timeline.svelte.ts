import type {
  MessageBodyFragment,
  MessagePageFragment,
  RoomEventsSubscription,
  UserNameFragment,
} from '../generated/operations';

export type RoomEvent = RoomEventsSubscription['roomEvents'];

/** Entries kept in memory; older ones are forgotten and can be fetched again. */
export const ENTRIES_MAX = 1_000;
/** How far before a snapshot events are asked for again, to show who came and went between its messages. */
export const NOTICES_BACK_MAX = 100;

export interface MessageEntry extends MessageBodyFragment {
  readonly kind: 'message';
}

export interface NoticeEntry {
  readonly kind: 'notice';
  readonly position: number;
  readonly at: string;
  readonly change: string;
  readonly user: UserNameFragment;
  readonly actor: UserNameFragment | null;
}

export type TimelineEntry = MessageEntry | NoticeEntry;

export interface Snapshot {
  readonly position: number;
  readonly messages: MessagePageFragment;
}

/** applied: the next event. known: seen before. gap: events are missing; a new snapshot must be fetched. */
export type Applied = 'applied' | 'known' | 'gap';

/**
 * A room's messages and notices in order, each exactly once: a snapshot at a position plus the events after it.
 * The position is the room's own counter, so an event belongs exactly when it is the next one.
 */
export class RoomTimeline {
  #entries = $state.raw<readonly TimelineEntry[]>([]);
  #position = $state(0);
  #hasOlder = $state(false);

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** The last position taken in: where a subscription resumes. */
  get position(): number {
    return this.#position;
  }

  get hasOlder(): boolean {
    return this.#hasOlder;
  }

  /** Before which position the next older page lies. */
  get oldestPosition(): number {
    return this.#entries[0]?.position ?? this.#position + 1;
  }

  /** Where to subscribe so that recent notices come too; the timeline recognises the rest as known. */
  get noticesFrom(): number {
    const oldest = this.#hasOlder ? this.oldestPosition - 1 : 0;
    return Math.max(oldest, this.#position - NOTICES_BACK_MAX, 0);
  }

  /** Takes a snapshot in, keeping what is loaded wherever the two meet. */
  load(snapshot: Snapshot): void {
    const page = snapshot.messages.nodes.map(toEntry);
    const first = page[0]?.position ?? snapshot.position + 1;
    const complete = !snapshot.messages.pageInfo.hasPreviousPage;
    const meets = this.#position > 0 && (complete || first <= this.#position + 1);
    if (!meets) {
      this.#entries = page;
      this.#hasOlder = !complete;
    } else {
      const fresh = new Set(page.map((entry) => entry.position));
      const kept = this.#entries.filter((entry) => !fresh.has(entry.position));
      this.#entries = [...kept, ...page].sort((a, b) => a.position - b.position);
      if (complete) this.#hasOlder = false;
    }
    this.#position = Math.max(this.#position, snapshot.position);
  }

  prepend(page: MessagePageFragment): void {
    const older = page.nodes.filter((message) => message.position < this.oldestPosition);
    this.#entries = [...older.map(toEntry), ...this.#entries];
    this.#hasOlder = page.pageInfo.hasPreviousPage;
  }

  apply(event: RoomEvent): Applied {
    if (event.position > this.#position + 1) return 'gap';
    const entry = entryOf(event);
    if (event.position <= this.#position) {
      // A message of the past is in the snapshot, or was left out of it on purpose; a notice never is.
      if (entry?.kind === 'notice') this.#insertPast(entry);
      return 'known';
    }
    this.#position = event.position;
    if (entry) this.#entries = [...this.#entries, entry];
    if (this.#entries.length > 2 * ENTRIES_MAX) this.trim();
    return 'applied';
  }

  /** Forgets the oldest entries above the limit. A reader at the end does not notice. */
  trim(): void {
    if (this.#entries.length <= ENTRIES_MAX) return;
    this.#entries = this.#entries.slice(-ENTRIES_MAX);
    this.#hasOlder = true;
  }

  #insertPast(entry: NoticeEntry): void {
    const at = this.#entries.findIndex((other) => other.position >= entry.position);
    if (this.#entries[at]?.position === entry.position) return;
    if (at === 0 && this.#hasOlder) return;
    this.#entries = at < 0 ? [...this.#entries, entry] : this.#entries.toSpliced(at, 0, entry);
  }
}

function toEntry(message: MessageBodyFragment): MessageEntry {
  return { kind: 'message', ...message };
}

/** What an event adds to the timeline. Kinds that show nothing, or that this client does not know, add null. */
function entryOf(event: RoomEvent): TimelineEntry | null {
  switch (event.__typename) {
    case 'MessagePosted':
      // The event's position is the order, whatever the entity inside it says.
      return { ...toEntry(event.message), position: event.position };
    case 'MemberChanged':
      return { kind: 'notice', change: event.change, user: event.user, ...heading(event) };
    case 'RoomCreated':
      return event.actor ? { kind: 'notice', change: 'CREATED', user: event.actor, ...heading(event) } : null;
    default:
      return null;
  }
}

function heading(event: RoomEvent): Pick<NoticeEntry, 'position' | 'at' | 'actor'> {
  return { position: event.position, at: event.at, actor: event.actor };
}
