import type { MessageBodyFragment, UserNameFragment } from './generated/operations';
import type { RoomEvent } from './messages/room-timeline.svelte';

/** Material for unit tests; no part of the page imports it. */
export const ada: UserNameFragment = { id: 'a', displayName: 'Ada', isGuest: false, isBot: false };
export const bob: UserNameFragment = { id: 'b', displayName: 'Bob', isGuest: true, isBot: false };
export const roomId = '5f0c7a3e-1b2d-4c3e-8f4a-0123456789ab';

const start = Date.parse('2026-11-20T10:00:00Z');
export function instant(minutes: number): string {
  return new Date(start + minutes * 60_000).toISOString();
}

export function message(position: number, author = ada, text = `message ${position}`): MessageBodyFragment {
  return { id: `m${position}`, position, author, text, sentAt: instant(position) };
}

export function posted(position: number, author = ada, text?: string): RoomEvent {
  const at = instant(position);
  return { __typename: 'MessagePosted', roomId, position, at, actor: author, message: message(position, author, text) };
}

export function joined(position: number, user = bob): RoomEvent {
  const at = instant(position);
  return { __typename: 'MemberChanged', roomId, position, at, actor: user, user, change: 'JOINED', role: 'MEMBER' };
}

export function left(position: number, user = bob): RoomEvent {
  const at = instant(position);
  return { __typename: 'MemberChanged', roomId, position, at, actor: user, user, change: 'LEFT', role: null };
}

/** A kind of event that a later server may send. */
export function unheardOf(position: number): RoomEvent {
  return { __typename: 'RoomPainted', roomId, position, at: instant(position), actor: ada } as unknown as RoomEvent;
}

/** A small seeded generator (mulberry32), so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
