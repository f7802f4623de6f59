import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenRoomQuery, RoomEventsSubscription } from '../generated/operations';
import { RequestError } from '../graphql/request-error';
import type { Sink, Socket } from '../graphql/socket';
import type { Transport } from '../graphql/transport';
import type { RoomEvent } from '../messages/room-timeline.svelte';
import { PageStorage } from '../storage';
import { ada, bob, instant, joined, left, message, posted, roomId } from '../testing';
import { RoomSession } from './room-session.svelte';

type Opened = NonNullable<OpenRoomQuery['room']>;
type Asked = { readonly query: string; readonly variables: Record<string, unknown> };

interface Feed {
  readonly after: number;
  readonly sink: Sink<RoomEventsSubscription>;
  readonly close: ReturnType<typeof vi.fn>;
}

let answers: (unknown | Error)[];
let asked: Asked[];
let feeds: Feed[];
let terminate: ReturnType<typeof vi.fn<() => void>>;
let ports: ConstructorParameters<typeof RoomSession>[1];

const transport = {
  send: async (document: { toString: () => string }, variables: Record<string, unknown>) => {
    asked.push({ query: /(\w+)\(/.exec(document.toString())?.[1] ?? '', variables });
    await Promise.resolve();
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  },
} as unknown as Transport;

const socket = {
  subscribe: (_: unknown, { after }: { after: number }, sink: Sink<RoomEventsSubscription>) => {
    const close = vi.fn();
    feeds.push({ after, sink, close });
    return close;
  },
  terminate: () => terminate(),
} as unknown as Socket;

function room(position: number, messages: number[] | null): { room: Opened } {
  const inside = messages !== null;
  const pageInfo = { hasNextPage: false, endCursor: null, hasPreviousPage: false };
  return {
    room: {
      id: roomId,
      kind: 'GROUP',
      name: 'Room',
      topic: '',
      visibility: 'PUBLIC',
      encrypted: false,
      archived: false,
      createdAt: instant(0),
      position,
      memberCount: 1,
      viewerMembership: inside ? { role: 'MEMBER' } : null,
      members: inside ? { nodes: [{ user: ada, role: 'OWNER', joinedAt: instant(0) }], pageInfo } : null,
      messages: inside ? { nodes: messages.map((at) => message(at)), pageInfo } : null,
    },
  };
}

async function opened(...first: unknown[]): Promise<RoomSession> {
  answers.push(...first);
  const session = new RoomSession(roomId, ports);
  await session.load();
  return session;
}

const say = (event: RoomEvent): void => feeds.at(-1)!.sink.next({ roomEvents: event });
const shown = (session: RoomSession): number[] => session.timeline.entries.map((entry) => entry.position);
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { onLine: true });
  [answers, asked, feeds] = [[], [], []];
  terminate = vi.fn<() => void>();
  ports = {
    transport,
    socket,
    viewer: ada,
    heard: vi.fn(),
    membershipChanged: vi.fn(),
    sessionLost: vi.fn(),
    storage: new PageStorage(() => {
      throw new Error('refused');
    }),
  };
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an open room', () => {
  it('follows its snapshot from there, notices included', async () => {
    const session = await opened(room(3, [3]));
    expect(session.standing).toBe('inside');
    expect(feeds.map((feed) => feed.after)).toEqual([0]);
    for (const event of [joined(2), posted(3), posted(4, bob)]) say(event);
    expect(shown(session)).toEqual([2, 3, 4]);
    expect(ports.heard).toHaveBeenCalledTimes(1);
  });

  it('counts members from the snapshot on', async () => {
    const session = await opened(room(3, [3]));
    say(joined(2));
    expect(session.roster.count).toBe(1);
    say(joined(4));
    expect(session.roster.count).toBe(2);
  });

  it('fetches anew where events are missing, and misses none', async () => {
    const session = await opened(room(3, [3]));
    answers.push(room(6, [3, 4, 5, 6]));
    say(posted(6));
    await settle();
    expect(feeds[0]?.close).toHaveBeenCalled();
    expect(feeds.at(-1)?.after).toBe(6);
    expect(shown(session)).toEqual([3, 4, 5, 6]);
  });

  it('waits for a server that is away', async () => {
    const session = await opened(RequestError.network());
    expect(session.standing).toBe('unreachable');
    answers.push(room(3, [3]));
    await vi.runAllTimersAsync();
    expect(session.standing).toBe('inside');
  });

  it('shows what is loaded while a newer snapshot cannot be fetched', async () => {
    const session = await opened(room(3, [3]));
    answers.push(RequestError.network(), room(5, [3, 5]));
    say(posted(5));
    await settle();
    expect(session.standing).toBe('inside');
    expect(session.link.phase).toBe('connecting');
    await vi.runAllTimersAsync();
    expect(shown(session)).toEqual([3, 5]);
  });

  it('stays outside of a room that the viewer has not joined', async () => {
    const session = await opened(room(3, null));
    expect(session.standing).toBe('outside');
    expect(feeds).toEqual([]);
    answers.push({ joinRoom: { errors: [] } }, room(4, [3]));
    expect(await session.join()).toBeNull();
    expect(session.standing).toBe('inside');
    expect(ports.membershipChanged).toHaveBeenCalled();
  });

  it('says why joining failed, and repeats it under the same id', async () => {
    const session = await opened(room(3, null));
    answers.push(RequestError.network(), { joinRoom: { errors: [{ message: 'You are banned.' }] } });
    expect(await session.join()).toContain('cannot be reached');
    expect(await session.join()).toBe('You are banned.');
    const ids = asked.filter(({ query }) => query === 'JoinRoom').map(({ variables }) => variables.input);
    expect(ids[0]).toEqual(ids[1]);
  });

  it('asks what it is now when the viewer left elsewhere', async () => {
    const session = await opened(room(3, [3]));
    answers.push(room(4, null));
    say(left(4, ada));
    await settle();
    expect(session.standing).toBe('outside');
    expect(feeds[0]?.close).toHaveBeenCalled();
    expect(ports.membershipChanged).toHaveBeenCalled();
  });

  it('does not exist for whoever may not know of it', async () => {
    expect((await opened({ room: null })).standing).toBe('absent');
  });

  it('has the session checked when the socket was refused', async () => {
    await opened(room(3, [3]));
    feeds[0]?.sink.closed(new RequestError('UNAUTHENTICATED', 'ended'));
    expect(ports.sessionLost).toHaveBeenCalledTimes(1);
  });

  it('replaces a live socket after a change of network only', async () => {
    const session = await opened(room(3, [3]));
    feeds[0]?.sink.opened();
    session.wake(false);
    expect(terminate).not.toHaveBeenCalled();
    session.wake(true);
    expect(terminate).toHaveBeenCalledTimes(1);
  });

  it('shows an own message once, whichever comes first, its event or its answer', async () => {
    const session = await opened(room(3, [3]));
    answers.push({ postMessage: { position: 4, errors: [] } }, { postMessage: { position: 5, errors: [] } });
    session.outbox.add('hello');
    expect(session.outgoing).toHaveLength(1);
    say(posted(4, ada, 'hello'));
    expect(session.outgoing).toHaveLength(0);
    await settle();
    expect(session.outbox.items).toEqual([]);
    session.outbox.add('again');
    await settle();
    expect(session.outgoing).toMatchObject([{ state: 'sent', position: 5 }]);
    say(posted(5, ada, 'again'));
    expect(session.outgoing).toEqual([]);
    expect(shown(session)).toEqual([3, 4, 5]);
  });

  it('repeats a message under its id when the connection returns', async () => {
    const session = await opened(room(3, [3]));
    answers.push(RequestError.network(), { postMessage: { position: 4, errors: [] } });
    session.outbox.add('hello');
    await settle();
    feeds[0]?.sink.opened();
    await settle();
    const inputs = asked.filter(({ query }) => query === 'PostMessage').map(({ variables }) => variables.input);
    expect(inputs).toHaveLength(2);
    expect(inputs[0]).toEqual(inputs[1]);
    expect(session.outbox.items).toMatchObject([{ state: 'sent' }]);
  });

  it('leaves nothing running behind', async () => {
    const session = await opened(room(3, [3]));
    session.stop();
    expect(feeds[0]?.close).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
