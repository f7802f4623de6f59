import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backoffDelay, BackoffTimer, FIRST_DELAY_MS, LONGEST_DELAY_MS } from './backoff-timer';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the wait before an attempt', () => {
  it('doubles up to its limit, however many there were', () => {
    const longest = (attempt: number): number => backoffDelay(attempt, () => 1);
    expect([0, 1, 2].map(longest)).toEqual([FIRST_DELAY_MS, 2 * FIRST_DELAY_MS, 4 * FIRST_DELAY_MS]);
    expect([10, 100, 10_000].map(longest)).toEqual([LONGEST_DELAY_MS, LONGEST_DELAY_MS, LONGEST_DELAY_MS]);
  });

  it('is spread over half of its length', () => {
    expect(backoffDelay(0, () => 0)).toBe(FIRST_DELAY_MS / 2);
  });
});

describe('a back-off timer', () => {
  it('runs the last task only, once', () => {
    const timer = new BackoffTimer(() => 1);
    const [first, second] = [vi.fn(), vi.fn()];
    timer.schedule(first);
    timer.schedule(second);
    vi.runAllTimers();
    timer.wake();
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledTimes(1);
  });

  it('starts small again after a reset', () => {
    const timer = new BackoffTimer(() => 1);
    timer.schedule(vi.fn());
    timer.schedule(vi.fn());
    timer.reset();
    expect(timer.schedule(vi.fn())).toBe(FIRST_DELAY_MS);
  });

  it('never waits less than it is told', () => {
    expect(new BackoffTimer(() => 1).schedule(vi.fn(), 60_000)).toBe(60_000);
  });
});
