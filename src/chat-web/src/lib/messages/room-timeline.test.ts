import { describe, expect, it } from 'vitest';
import { bob, joined, left, message, posted, unheardOf } from '../testing';
import { ENTRIES_MAX, NOTICES_BACK_MAX, RoomTimeline, type Snapshot } from './room-timeline.svelte';

function snapshot(position: number, positions: number[], hasPreviousPage = false): Snapshot {
  return { position, messages: { nodes: positions.map((at) => message(at)), pageInfo: { hasPreviousPage } } };
}

function positions(timeline: RoomTimeline): number[] {
  return timeline.entries.map((entry) => entry.position);
}

function opened(position = 5, nodes = [3, 4, 5], hasPreviousPage = false): RoomTimeline {
  const timeline = new RoomTimeline();
  timeline.load(snapshot(position, nodes, hasPreviousPage));
  return timeline;
}

describe('a room timeline', () => {
  it('shows a snapshot and the events after it', () => {
    const timeline = opened();
    expect(timeline.apply(posted(6))).toBe('applied');
    expect(timeline.apply(joined(7))).toBe('applied');
    expect(positions(timeline)).toEqual([3, 4, 5, 6, 7]);
    expect(timeline.position).toBe(7);
  });

  it('takes every event exactly once', () => {
    const timeline = opened();
    timeline.apply(posted(6));
    expect(timeline.apply(posted(6))).toBe('known');
    expect(timeline.apply(posted(4))).toBe('known');
    expect(positions(timeline)).toEqual([3, 4, 5, 6]);
  });

  it('sees a gap and takes nothing in', () => {
    const timeline = opened();
    expect(timeline.apply(posted(7))).toBe('gap');
    expect(timeline.position).toBe(5);
    expect(positions(timeline)).toEqual([3, 4, 5]);
  });

  it('is moved on by events it does not know', () => {
    const timeline = opened();
    expect(timeline.apply(unheardOf(6))).toBe('applied');
    expect(timeline.apply(posted(7))).toBe('applied');
    expect(positions(timeline)).toEqual([3, 4, 5, 7]);
  });

  it('heals a gap with a newer snapshot and keeps older pages where the two meet', () => {
    const timeline = opened(5, [4, 5], true);
    timeline.prepend({ nodes: [message(2), message(3)], pageInfo: { hasPreviousPage: true } });
    timeline.load(snapshot(8, [5, 6, 8], true));
    expect(positions(timeline)).toEqual([2, 3, 4, 5, 6, 8]);
    expect(timeline.position).toBe(8);
    expect(timeline.hasOlder).toBe(true);
  });

  it('starts over from a snapshot that lies beyond what is loaded', () => {
    const timeline = opened(5, [4, 5]);
    timeline.load(snapshot(90, [60, 90], true));
    expect(positions(timeline)).toEqual([60, 90]);
    expect(timeline.hasOlder).toBe(true);
  });

  it('never goes back with a snapshot that is behind the events', () => {
    const timeline = opened();
    timeline.apply(posted(6));
    timeline.load(snapshot(5, [3, 4, 5]));
    expect(timeline.position).toBe(6);
    expect(positions(timeline)).toEqual([3, 4, 5, 6]);
  });

  it('takes the text of a message from the newer snapshot', () => {
    const timeline = opened(3, [3]);
    const edited = { ...message(3), text: 'corrected' };
    timeline.load({ position: 4, messages: { nodes: [edited], pageInfo: { hasPreviousPage: false } } });
    expect(timeline.entries).toEqual([{ kind: 'message', ...edited }]);
  });

  it('puts older pages before the rest, without doubles', () => {
    const timeline = opened(9, [8, 9], true);
    timeline.prepend({ nodes: [message(6), message(7), message(8)], pageInfo: { hasPreviousPage: false } });
    expect(positions(timeline)).toEqual([6, 7, 8, 9]);
    expect(timeline.hasOlder).toBe(false);
  });

  it('finds its place for notices between the messages of the snapshot', () => {
    const timeline = opened(6, [3, 5]);
    for (const event of [joined(1), joined(2), posted(3), left(4), posted(5), joined(6), left(4)]) {
      expect(timeline.apply(event)).toBe('known');
    }
    expect(positions(timeline)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('leaves notices out that belong to pages not loaded', () => {
    const timeline = opened(6, [3, 5], true);
    timeline.apply(joined(2));
    expect(positions(timeline)).toEqual([3, 5]);
  });

  it('asks for notices back to its oldest message, within limits', () => {
    expect(opened(5, [3, 4, 5], true).noticesFrom).toBe(2);
    expect(opened(5, [3, 4, 5]).noticesFrom).toBe(0);
    expect(opened(500, [3, 500], true).noticesFrom).toBe(500 - NOTICES_BACK_MAX);
    expect(opened(0, []).noticesFrom).toBe(0);
  });

  it('knows that a room was created', () => {
    const timeline = opened(0, []);
    const created = { __typename: 'RoomCreated', roomId: 'r', position: 1, at: '2026-11-20T10:00:00Z', actor: bob };
    timeline.apply({ ...created, room: { id: 'r', name: 'Room', topic: '' } } as Parameters<RoomTimeline['apply']>[0]);
    expect(timeline.entries).toMatchObject([{ kind: 'notice', change: 'CREATED', user: bob }]);
  });

  it('keeps a bounded number of entries', () => {
    const timeline = opened(0, []);
    for (let position = 1; position <= 2 * ENTRIES_MAX; position++) timeline.apply(posted(position));
    expect(timeline.entries.length).toBe(2 * ENTRIES_MAX);
    timeline.apply(posted(2 * ENTRIES_MAX + 1));
    expect(timeline.entries.length).toBe(ENTRIES_MAX);
    expect(timeline.hasOlder).toBe(true);
    expect(timeline.oldestPosition).toBe(ENTRIES_MAX + 2);
  });
});
