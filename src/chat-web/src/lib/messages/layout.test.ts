import { describe, expect, it } from 'vitest';
import { ada, bob, instant, message } from '../testing';
import { GROUP_WITHIN_MS, layout } from './layout';
import type { Outgoing } from './outbox.svelte';
import type { MessageEntry, NoticeEntry } from './room-timeline.svelte';

const at = (minutes: number, author = ada): MessageEntry => {
  return { kind: 'message', ...message(minutes, author), sentAt: instant(minutes) };
};
const shape = (blocks: ReturnType<typeof layout>): string[] =>
  blocks.map((block) => (block.kind === 'group' ? `${block.author.displayName} ${block.lines.length}` : block.kind));

describe('the layout of a timeline', () => {
  it('puts messages of one author close together under one name', () => {
    const apart = GROUP_WITHIN_MS / 60_000;
    const entries = [at(0), at(1), at(2, bob), at(3), at(3 + apart)];
    expect(shape(layout(entries, [], ada))).toEqual(['day', 'Ada 2', 'Bob 1', 'Ada 1', 'Ada 1']);
  });

  it('starts every day anew', () => {
    const day = 24 * 60;
    expect(shape(layout([at(0), at(1), at(day), at(day + 1, bob)], [], ada))).toEqual([
      'day',
      'Ada 2',
      'day',
      'Ada 1',
      'Bob 1',
    ]);
  });

  it('lets a notice end a group', () => {
    const notice: NoticeEntry = {
      kind: 'notice',
      position: 2,
      at: instant(1),
      change: 'JOINED',
      user: bob,
      actor: bob,
    };
    expect(shape(layout([at(0), notice, at(2)], [], ada))).toEqual(['day', 'Ada 1', 'notice', 'Ada 1']);
  });

  it('says once that somebody created a room and is in it', () => {
    const created: NoticeEntry = {
      kind: 'notice',
      position: 1,
      at: instant(0),
      change: 'CREATED',
      user: ada,
      actor: ada,
    };
    const joins = [ada, bob].map((user, i) => ({ ...created, position: 2 + i, change: 'JOINED', user, actor: user }));
    expect(layout([created, ...joins], [], ada).map((block) => block.key)).toEqual([
      expect.stringContaining('day'),
      'notice 1',
      'notice 3',
    ]);
  });

  it('ends with the messages on their way', () => {
    const outgoing: Outgoing = {
      commandId: 'c',
      text: 'soon',
      createdAt: instant(1),
      state: 'queued',
      sentAfter: null,
      position: null,
      problem: null,
      tries: 0,
    };
    const blocks = layout([at(0)], [outgoing], ada);
    expect(shape(blocks)).toEqual(['day', 'Ada 2']);
    expect(blocks[1]).toMatchObject({ lines: [{ kind: 'message' }, { kind: 'outgoing', key: 'c' }] });
  });

  it('gives every block a key of its own', () => {
    const keys = layout([at(0), at(1, bob), at(2), at(24 * 60)], [], ada).map((block) => block.key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
