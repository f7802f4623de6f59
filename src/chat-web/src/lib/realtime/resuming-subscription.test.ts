import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../graphql/request-error';
import type { Sink } from '../graphql/socket';
import { RoomTimeline } from '../messages/room-timeline.svelte';
import { posted, seeded } from '../testing';
import { FIRST_DELAY_MS } from './backoff-timer';
import { ResumingSubscription, STABLE_AFTER_MS } from './resuming-subscription.svelte';

interface Opened {
  readonly after: number;
  readonly sink: Sink<number>;
  readonly close: () => void;
}

let opened: Opened[];
let received: number[];
let ended: string[];
let online: boolean;

function subscription(): ResumingSubscription<number> {
  return new ResumingSubscription<number>({
    open: (after, sink) => {
      const close = vi.fn();
      opened.push({ after, sink, close });
      return close;
    },
    position: () => received.at(-1) ?? 0,
    receive: (event) => received.push(event),
    ended: (code) => ended.push(code),
    isOnline: () => online,
    random: () => 1,
  });
}

const last = (): Opened => opened.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  opened = [];
  received = [];
  ended = [];
  online = true;
});
afterEach(() => vi.useRealTimers());

describe('a resuming subscription', () => {
  it('goes from connecting to live', () => {
    const live = subscription();
    expect(live.link.phase).toBe('idle');
    live.open();
    expect(live.link.phase).toBe('connecting');
    last().sink.opened();
    expect(live.link.phase).toBe('live');
  });

  it('resumes behind the last position it saw', () => {
    const live = subscription();
    live.open();
    last().sink.next(1);
    last().sink.next(2);
    last().sink.closed(RequestError.network());
    expect(live.link).toEqual({ phase: 'reconnecting', retryAt: Date.now() + FIRST_DELAY_MS });
    vi.runAllTimers();
    expect(opened.map((one) => one.after)).toEqual([0, 2]);
    expect(live.link).toEqual({ phase: 'reconnecting', retryAt: null });
    last().sink.opened();
    expect(live.link.phase).toBe('live');
  });

  it('starts earlier only where asked to, and only once', () => {
    received = [50];
    const live = subscription();
    live.open(40);
    last().sink.closed(null);
    vi.runAllTimers();
    expect(opened.map((one) => one.after)).toEqual([40, 50]);
  });

  it('tries at once when woken, and only when it waits', () => {
    const live = subscription();
    live.open();
    live.wake();
    expect(opened).toHaveLength(1);
    last().sink.closed(RequestError.network());
    live.wake();
    expect(opened).toHaveLength(2);
    vi.runAllTimers();
    expect(opened).toHaveLength(2);
  });

  it('says when the browser is offline, and tries all the same', () => {
    online = false;
    const live = subscription();
    live.open();
    last().sink.closed(RequestError.network());
    expect(live.link.phase).toBe('offline');
    vi.runAllTimers();
    expect(opened).toHaveLength(2);
  });

  it('waits longer each time, until a link has lasted', () => {
    const live = subscription();
    live.open();
    const waits = [0, 0, STABLE_AFTER_MS].map((lasts) => {
      last().sink.opened();
      vi.advanceTimersByTime(lasts);
      last().sink.closed(RequestError.network());
      const wait = 'retryAt' in live.link ? (live.link.retryAt ?? 0) - Date.now() : 0;
      vi.runAllTimers();
      return wait;
    });
    expect(waits).toEqual([FIRST_DELAY_MS, 2 * FIRST_DELAY_MS, FIRST_DELAY_MS]);
  });

  it('ends where another attempt would only repeat the answer', () => {
    const live = subscription();
    live.open();
    last().sink.closed(new RequestError('NOT_FOUND', 'No such room.'));
    vi.runAllTimers();
    expect(opened).toHaveLength(1);
    expect(live.link).toEqual({ phase: 'ended', code: 'NOT_FOUND' });
    expect(ended).toEqual(['NOT_FOUND']);
  });

  it('waits as long as a busy server asks', () => {
    const live = subscription();
    live.open();
    last().sink.closed(new RequestError('RATE_LIMITED', 'Slow down.', 30_000));
    vi.advanceTimersByTime(29_999);
    expect(opened).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(opened).toHaveLength(2);
  });

  it('hears nothing any more from what it replaced or stopped', () => {
    const live = subscription();
    live.open();
    const first = last();
    live.open();
    expect(first.close).toHaveBeenCalledTimes(1);
    first.sink.next(1);
    first.sink.closed(RequestError.network());
    live.stop();
    last().sink.next(2);
    last().sink.closed(null);
    vi.runAllTimers();
    expect(received).toEqual([]);
    expect(opened).toHaveLength(2);
    expect(live.link.phase).toBe('idle');
  });
});

describe('a timeline fed by a resuming subscription', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('shows every event once and in order through random breaks (seed %i)', (seed) => {
    const random = seeded(seed);
    const timeline = new RoomTimeline();
    timeline.load({ position: 0, messages: { nodes: [], pageInfo: { hasPreviousPage: false } } });
    let logged = 0;
    let feed: { next: number; sink: Sink<ReturnType<typeof posted>> } | undefined;
    const live = new ResumingSubscription<ReturnType<typeof posted>>({
      open: (after, sink) => {
        const mine = { next: after + 1, sink };
        feed = mine;
        return () => {
          if (feed === mine) feed = undefined;
        };
      },
      position: () => timeline.position,
      receive: (event) => expect(timeline.apply(event)).toBe('applied'),
      ended: () => expect.unreachable(),
      isOnline: () => true,
      random,
    });
    live.open();
    for (let step = 0; step < 600; step++) {
      const dice = random();
      if (dice < 0.5) logged += 1;
      else if (dice < 0.85) {
        if (feed && feed.next <= logged) feed.sink.next(posted(feed.next++));
      } else if (dice < 0.92) {
        const broken = feed;
        feed = undefined;
        broken?.sink.closed(random() < 0.5 ? RequestError.network() : null);
      } else if (dice < 0.96) live.wake();
      else vi.advanceTimersByTime(random() * 4_000);
    }
    vi.runAllTimers();
    while (feed && feed.next <= logged) feed.sink.next(posted(feed.next++));
    expect(timeline.entries.map((entry) => entry.position)).toEqual(Array.from({ length: logged }, (_, i) => i + 1));
  });
});
