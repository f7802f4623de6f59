import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomCardFragment } from '../generated/operations';
import { RequestError } from '../graphql/request-error';
import type { Transport } from '../graphql/transport';
import { instant } from '../testing';
import { REFRESH_EVERY_MS, RoomDirectory, SEARCH_PAUSE_MS } from './room-directory.svelte';

function card(name: string, joined = false): RoomCardFragment {
  return {
    id: name,
    kind: 'GROUP',
    name,
    topic: '',
    visibility: 'PUBLIC',
    encrypted: false,
    archived: false,
    createdAt: instant(0),
    position: 1,
    memberCount: 1,
    viewerMembership: joined ? { role: 'MEMBER' } : null,
  };
}

let answers: unknown[];
let asked: Record<string, unknown>[];
let directory: RoomDirectory;

const list = (mine: string[], all: string[], endCursor: string | null = null) => ({
  viewer: { memberships: mine.map((name) => ({ room: card(name, true) })) },
  rooms: {
    nodes: all.map((name) => card(name, mine.includes(name))),
    pageInfo: { hasNextPage: endCursor !== null, endCursor },
  },
});
const names = (rooms: readonly RoomCardFragment[]): string[] => rooms.map((room) => room.name);

beforeEach(() => {
  vi.useFakeTimers();
  [answers, asked] = [[], []];
  const transport = {
    send: async (_: unknown, variables: Record<string, unknown>) => {
      asked.push(variables);
      await Promise.resolve();
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? list([], []);
    },
  } as unknown as Transport;
  directory = new RoomDirectory(transport);
});
afterEach(() => {
  directory.stop();
  vi.useRealTimers();
});

describe('the room directory', () => {
  it("tells the viewer's rooms from the others", async () => {
    answers.push(list(['zoo', 'Ark'], ['Ark', 'Barn', 'zoo']));
    await directory.refresh();
    expect(names(directory.mine)).toEqual(['Ark', 'zoo']);
    expect(names(directory.others)).toEqual(['Barn']);
  });

  it('searches after a pause, once for many keys', async () => {
    answers.push(list(['Ark', 'Barn'], []));
    await directory.refresh();
    directory.find('b');
    directory.find('ba ');
    expect(names(directory.mine)).toEqual(['Barn']);
    await vi.advanceTimersByTimeAsync(SEARCH_PAUSE_MS);
    expect(asked.map(({ search }) => search)).toEqual([null, 'ba']);
  });

  it('looks again from time to time, until it is stopped', async () => {
    await directory.refresh();
    await vi.advanceTimersByTimeAsync(REFRESH_EVERY_MS);
    expect(asked).toHaveLength(2);
    directory.stop();
    await vi.advanceTimersByTimeAsync(3 * REFRESH_EVERY_MS);
    expect(asked).toHaveLength(2);
  });

  it('keeps what it has when the server is away, and says so', async () => {
    answers.push(list(['Ark'], []), RequestError.network(), list(['Ark'], []));
    await directory.refresh();
    await directory.refresh();
    expect(names(directory.mine)).toEqual(['Ark']);
    expect(directory.problem).toContain('cannot be reached');
    await vi.advanceTimersByTimeAsync(REFRESH_EVERY_MS);
    expect(directory.problem).toBeNull();
  });

  it('ignores an answer that a newer question has overtaken', async () => {
    answers.push(list([], ['old']), list([], ['new']));
    await Promise.all([directory.refresh(), directory.refresh()]);
    expect(names(directory.others)).toEqual(['new']);
  });

  it('adds further pages', async () => {
    answers.push(list([], ['a'], 'next'), list([], ['b']));
    await directory.refresh();
    await directory.loadMore();
    expect(asked[1]).toMatchObject({ after: 'next' });
    expect(names(directory.others)).toEqual(['a', 'b']);
    expect(directory.hasMore).toBe(false);
  });

  it('shows a room as joined at once', async () => {
    answers.push(list([], ['Ark']), { joinRoom: { room: card('Ark', true), errors: [] } }, list(['Ark'], ['Ark']));
    await directory.refresh();
    expect(await directory.join('Ark')).toBeNull();
    expect(names(directory.mine)).toEqual(['Ark']);
    expect(names(directory.others)).toEqual([]);
  });

  it('creates a room under one id until that has succeeded', async () => {
    const created = { createRoom: { room: card('Ark', true), errors: [] } };
    answers.push(RequestError.network(), created, list(['Ark'], []), created);
    const input = { name: 'Ark' };
    await expect(directory.create(input)).rejects.toBeInstanceOf(RequestError);
    await directory.create(input);
    await vi.advanceTimersByTimeAsync(0);
    await directory.create(input);
    const ids = asked.flatMap(({ input: sent }) => (sent as { commandId: string } | undefined)?.commandId ?? []);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
  });
});
