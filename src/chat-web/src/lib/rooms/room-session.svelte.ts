import {
  JoinRoomDocument,
  LeaveRoomDocument,
  MoreMembersDocument,
  OlderMessagesDocument,
  OpenRoomDocument,
  PostMessageDocument,
  RoomEventsDocument,
  type OpenRoomQuery,
  type RoomCardFragment,
  type UserNameFragment,
} from '../generated/operations';
import { CommandIds, newCommandId } from '../graphql/command-id';
import { messageOf, RequestError } from '../graphql/request-error';
import type { Socket } from '../graphql/socket';
import type { Transport } from '../graphql/transport';
import { Outbox, withoutEchoes, type Outgoing, type PostResult } from '../messages/outbox.svelte';
import { RoomTimeline, type RoomEvent } from '../messages/room-timeline.svelte';
import { BackoffTimer } from '../realtime/backoff-timer';
import { ResumingSubscription, type Link } from '../realtime/resuming-subscription.svelte';
import type { PageStorage } from '../storage';
import { Roster } from './roster.svelte';

/** inside: a member. outside: sees the public room but not its messages. absent: missing or hidden. */
export type RoomStanding = 'loading' | 'unreachable' | 'absent' | 'outside' | 'inside';

type OpenedRoom = NonNullable<OpenRoomQuery['room']>;

export interface RoomPorts {
  readonly transport: Transport;
  readonly socket: Socket;
  /** For messages that are not sent yet. */
  readonly storage: PageStorage;
  readonly viewer: UserNameFragment;
  /** A message of someone else arrived just now. */
  readonly heard: (event: RoomEvent & { __typename: 'MessagePosted' }) => void;
  /** The viewer joined or left, here or elsewhere. */
  readonly membershipChanged: () => void;
  readonly sessionLost: () => void;
}

/** One open room: its snapshot, its live events, the viewer's messages on their way. Ends with `stop`. */
export class RoomSession {
  readonly id: string;
  readonly timeline = new RoomTimeline();
  readonly roster = new Roster();
  readonly outbox: Outbox;
  readonly #ports: RoomPorts;
  readonly #live: ResumingSubscription<RoomEvent>;
  readonly #retry = new BackoffTimer();
  readonly #aborted = new AbortController();
  readonly #commandIds = new CommandIds();
  #room = $state.raw<RoomCardFragment | null>(null);
  #standing = $state<RoomStanding>('loading');
  #loadingOlder = $state(false);
  #olderProblem = $state<string | null>(null);
  /** Up to where events were history when the room was opened: not news to anybody. */
  #newsFrom = 0;
  #loads = 0;

  constructor(id: string, ports: RoomPorts) {
    this.id = id;
    this.#ports = ports;
    const key = `chat.outbox.${ports.viewer.id}.${id}`;
    this.outbox = new Outbox({
      post: (commandId, text) => this.#post(commandId, text),
      timelinePosition: () => this.timeline.position,
      newCommandId,
      read: () => ports.storage.read(key),
      write: (value) => ports.storage.write(key, value),
    });
    this.#live = new ResumingSubscription<RoomEvent>({
      open: (after, sink) =>
        ports.socket.subscribe(
          RoomEventsDocument,
          { roomId: id, after },
          {
            opened: () => {
              sink.opened();
              this.outbox.wake();
            },
            next: ({ roomEvents }) => sink.next(roomEvents),
            closed: (reason) => sink.closed(reason),
          },
        ),
      position: () => this.timeline.position,
      receive: (event) => this.#receive(event),
      ended: (code) => this.#ended(code),
      isOnline: () => navigator.onLine,
    });
  }

  get room(): RoomCardFragment | null {
    return this.#room;
  }

  get standing(): RoomStanding {
    return this.#standing;
  }

  get link(): Link {
    const { link } = this.#live;
    // Between two subscriptions a snapshot is being fetched.
    return link.phase === 'idle' && this.#standing === 'inside' ? { phase: 'connecting' } : link;
  }

  get loadingOlder(): boolean {
    return this.#loadingOlder;
  }

  get olderProblem(): string | null {
    return this.#olderProblem;
  }

  /** The viewer's messages that the timeline does not show yet. */
  get outgoing(): Outgoing[] {
    const { items } = this.outbox;
    if (items.length === 0) return [];
    const posted = this.timeline.entries.filter((entry) => entry.kind === 'message');
    return withoutEchoes(items, posted, this.#ports.viewer.id);
  }

  /** Fetches the room and follows it from there. Also heals a gap: what is loaded already stays. */
  async load(): Promise<void> {
    this.#live.stop();
    this.#retry.cancel();
    const load = ++this.#loads;
    const isStale = (): boolean => this.#aborted.signal.aborted || load !== this.#loads;
    try {
      const { room } = await this.#ports.transport.send(OpenRoomDocument, { id: this.id }, this.#aborted.signal);
      if (isStale()) return;
      this.#retry.reset();
      this.#take(room);
    } catch (error) {
      if (isStale()) return;
      if (error instanceof RequestError && error.code === 'NOT_FOUND') {
        this.#take(null);
        return;
      }
      if (this.#room === null) this.#standing = 'unreachable';
      this.#retry.schedule(() => void this.load(), error instanceof RequestError ? error.retryAfterMs : 0);
    }
  }

  /** Tries again at once whatever waits. After a change of network an open socket may be dead and is replaced. */
  wake(networkChanged: boolean): void {
    this.#retry.wake();
    if (networkChanged && this.#live.link.phase === 'live') this.#ports.socket.terminate();
    this.#live.wake();
    if (this.#standing === 'outside' || this.#standing === 'absent') void this.load();
  }

  stop(): void {
    this.#aborted.abort();
    this.#retry.reset();
    this.#live.stop();
    this.outbox.stop();
  }

  /** Null, or why not. */
  async join(): Promise<string | null> {
    return this.#changeMembership('join', async (input) => {
      return (await this.#ports.transport.send(JoinRoomDocument, { input })).joinRoom.errors;
    });
  }

  /** Null, or why not. */
  async leave(): Promise<string | null> {
    return this.#changeMembership('leave', async (input) => {
      return (await this.#ports.transport.send(LeaveRoomDocument, { input })).leaveRoom.errors;
    });
  }

  async loadOlder(): Promise<void> {
    if (this.#loadingOlder || !this.timeline.hasOlder) return;
    this.#loadingOlder = true;
    this.#olderProblem = null;
    try {
      const variables = { roomId: this.id, before: this.timeline.oldestPosition };
      const { room } = await this.#ports.transport.send(OlderMessagesDocument, variables, this.#aborted.signal);
      if (room?.messages) this.timeline.prepend(room.messages);
    } catch (error) {
      this.#olderProblem = messageOf(error);
    } finally {
      this.#loadingOlder = false;
    }
  }

  async loadMoreMembers(): Promise<void> {
    const after = this.roster.next;
    if (after === null) return;
    const { room } = await this.#ports.transport.send(MoreMembersDocument, { id: this.id, after });
    if (room?.members && this.roster.next === after) this.roster.append(room.members);
  }

  #take(room: OpenedRoom | null): void {
    this.#room = room;
    if (!room) this.#standing = 'absent';
    else if (!room.viewerMembership || !room.messages) this.#standing = 'outside';
    else {
      const isFirst = this.#standing !== 'inside';
      this.#standing = 'inside';
      this.timeline.load({ position: room.position, messages: room.messages });
      if (room.members) this.roster.load(room.memberCount, room.members);
      this.outbox.settle(this.timeline.position);
      if (isFirst) this.#newsFrom = this.timeline.position;
      this.#live.open(isFirst ? this.timeline.noticesFrom : undefined);
    }
  }

  #receive(event: RoomEvent): void {
    const applied = this.timeline.apply(event);
    if (applied === 'gap') {
      void this.load();
      return;
    }
    if (applied === 'known') return;
    this.roster.apply(event);
    this.outbox.settle(event.position);
    const viewerId = this.#ports.viewer.id;
    if (event.__typename === 'MessagePosted') {
      if (event.message.author.id !== viewerId && event.position > this.#newsFrom) this.#ports.heard(event);
    } else if (event.__typename === 'MemberChanged' && event.user.id === viewerId) {
      this.#ports.membershipChanged();
      if (['LEFT', 'KICKED', 'BANNED'].includes(event.change)) void this.load();
    }
  }

  #ended(code: string): void {
    // Whatever the reason, what the room now is to the viewer is the server's to say.
    if (code === 'UNAUTHENTICATED') this.#ports.sessionLost();
    this.#retry.schedule(() => void this.load());
  }

  async #changeMembership(
    verb: string,
    send: (input: { commandId: string; roomId: string }) => Promise<readonly { readonly message: string }[]>,
  ): Promise<string | null> {
    try {
      const [refusal] = await send({ commandId: this.#commandIds.for(verb), roomId: this.id });
      this.#commandIds.done();
      if (refusal) return refusal.message;
    } catch (error) {
      return messageOf(error);
    }
    this.#ports.membershipChanged();
    await this.load();
    return null;
  }

  async #post(commandId: string, text: string): Promise<PostResult> {
    try {
      const input = { commandId, roomId: this.id, text };
      const { position, errors } = (await this.#ports.transport.send(PostMessageDocument, { input })).postMessage;
      const [refusal] = errors;
      if (!refusal) return { kind: 'posted', position: position ?? this.timeline.position };
      const error = new RequestError(refusal.code, refusal.message, refusal.retryAfterMs ?? 0);
      return error.transient ? unavailable(error) : { kind: 'refused', message: refusal.message };
    } catch (error) {
      if (error instanceof RequestError && error.transient) return unavailable(error);
      return { kind: 'refused', message: messageOf(error) };
    }
  }
}

function unavailable(error: RequestError): PostResult {
  return { kind: 'unavailable', message: error.message, retryAfterMs: error.retryAfterMs };
}
