import { describe, expect, it } from 'vitest';
import { ada, bob, instant, joined, left, posted } from '../testing';
import { Roster } from './roster.svelte';

const page = (users: (typeof ada)[], endCursor: string | null = null) => ({
  nodes: users.map((user) => ({ user, role: 'MEMBER' as const, joinedAt: instant(0) })),
  pageInfo: { hasNextPage: endCursor !== null, endCursor },
});

function roster(users = [ada], count = users.length, next: string | null = null): Roster {
  const made = new Roster();
  made.load(count, page(users, next));
  return made;
}
const names = (of: Roster): string[] => of.members.map((member) => member.user.displayName);

describe('a roster', () => {
  it('follows who comes and goes', () => {
    const room = roster();
    room.apply(joined(2));
    expect(names(room)).toEqual(['Ada', 'Bob']);
    expect(room.count).toBe(2);
    room.apply(left(3));
    expect(names(room)).toEqual(['Ada']);
    expect(room.count).toBe(1);
  });

  it('does not care for messages', () => {
    const room = roster();
    room.apply(posted(2));
    expect(room.count).toBe(1);
  });

  it('follows a change of role', () => {
    const room = roster([ada, bob]);
    room.apply({ ...joined(2), change: 'ROLE_CHANGED', role: 'MODERATOR' } as unknown as Parameters<Roster['apply']>[0]);
    expect(room.members.map((member) => member.role)).toEqual(['MEMBER', 'MODERATOR']);
    expect(room.count).toBe(2);
  });

  it('adds further pages without doubles', () => {
    const room = roster([ada], 2, 'cursor');
    expect(room.next).toBe('cursor');
    room.append(page([ada, bob]));
    expect(names(room)).toEqual(['Ada', 'Bob']);
    expect(room.next).toBeNull();
  });
});
