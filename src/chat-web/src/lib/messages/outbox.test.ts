import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ada, bob, message } from '../testing';
import { ATTEMPTS_MAX, Outbox, OUTBOX_MAX, withoutEchoes, type Outgoing, type PostResult } from './outbox.svelte';

const unavailable: PostResult = { kind: 'unavailable', message: 'busy', retryAfterMs: 0 };

class Server {
  readonly posts: string[] = [];
  readonly answers: PostResult[] = [];
  readonly #positions = new Map<string, number>();

  /** Answers what was prepared, then like a server that knows every commandId it accepted. */
  post = async (commandId: string, text: string): Promise<PostResult> => {
    this.posts.push(`${commandId} ${text}`);
    await Promise.resolve();
    const prepared = this.answers.shift();
    if (prepared) return prepared;
    const position = this.#positions.get(commandId) ?? this.#positions.size + 1;
    this.#positions.set(commandId, position);
    return { kind: 'posted', position };
  };
}

let server: Server;
let stored: string | null;

function outbox(timelinePosition = () => 0): Outbox {
  let ids = 0;
  return new Outbox({
    post: server.post,
    timelinePosition,
    newCommandId: () => `c${++ids}`,
    read: () => stored,
    write: (value) => (stored = value),
    random: () => 0,
  });
}

const states = (box: Outbox): string[] => box.items.map((item) => `${item.text} ${item.state}`);

beforeEach(() => {
  vi.useFakeTimers();
  server = new Server();
  stored = null;
});
afterEach(() => vi.useRealTimers());

describe('an outbox', () => {
  it('sends in order, one at a time, and forgets what the timeline shows', async () => {
    const box = outbox();
    for (const text of ['one', 'two', 'three']) box.add(text);
    expect(states(box)).toEqual(['one sending', 'two queued', 'three queued']);
    await vi.runAllTimersAsync();
    expect(server.posts).toEqual(['c1 one', 'c2 two', 'c3 three']);
    expect(states(box)).toEqual(['one sent', 'two sent', 'three sent']);
    box.settle(2);
    expect(states(box)).toEqual(['three sent']);
  });

  it('forgets at once what the timeline showed before the answer came', async () => {
    const box = outbox(() => 1);
    box.add('one');
    await vi.runAllTimersAsync();
    expect(box.items).toEqual([]);
  });

  it('tries again under the same commandId, and nothing overtakes', async () => {
    server.answers.push(unavailable, unavailable);
    const box = outbox();
    box.add('one');
    box.add('two');
    await vi.advanceTimersByTimeAsync(0);
    expect(states(box)).toEqual(['one waiting', 'two queued']);
    await vi.runAllTimersAsync();
    expect(server.posts).toEqual(['c1 one', 'c1 one', 'c1 one', 'c2 two']);
    expect(states(box)).toEqual(['one sent', 'two sent']);
  });

  it('waits at least as long as the server asks', async () => {
    server.answers.push({ kind: 'unavailable', message: 'slow down', retryAfterMs: 7_000 });
    const box = outbox();
    box.add('one');
    await vi.advanceTimersByTimeAsync(6_999);
    expect(server.posts).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.posts).toHaveLength(2);
  });

  it('gives up after a bounded number of attempts and holds back the rest', async () => {
    server.answers.push(...Array<PostResult>(ATTEMPTS_MAX).fill(unavailable));
    const box = outbox();
    box.add('one');
    box.add('two');
    await vi.runAllTimersAsync();
    expect(server.posts).toHaveLength(ATTEMPTS_MAX);
    expect(states(box)).toEqual(['one failed', 'two queued']);
    expect(box.items[0]?.problem).toBe('busy');
    box.retry('c1');
    await vi.runAllTimersAsync();
    expect(server.posts.slice(ATTEMPTS_MAX)).toEqual(['c1 one', 'c2 two']);
  });

  it('sends what waited as soon as the connection is back', async () => {
    server.answers.push(unavailable);
    const box = outbox();
    box.add('one');
    await vi.advanceTimersByTimeAsync(0);
    box.wake();
    await vi.advanceTimersByTimeAsync(0);
    expect(states(box)).toEqual(['one sent']);
  });

  it('shows a refusal, sends the others, and lets go of it', async () => {
    server.answers.push({ kind: 'refused', message: 'You are muted.' });
    const box = outbox();
    box.add('one');
    box.add('two');
    await vi.runAllTimersAsync();
    expect(states(box)).toEqual(['one refused', 'two sent']);
    expect(box.items[0]?.problem).toBe('You are muted.');
    box.discard('c1');
    expect(states(box)).toEqual(['two sent']);
  });

  it('takes a bounded number of messages', () => {
    server.post = () => new Promise(() => undefined);
    const box = outbox();
    for (let i = 0; i < OUTBOX_MAX; i++) expect(box.add(`${i}`)).toBe(true);
    expect(box.full).toBe(true);
    expect(box.add('one more')).toBe(false);
    expect(box.items).toHaveLength(OUTBOX_MAX);
  });

  it('survives a reload with the same commandIds', async () => {
    server.answers.push(unavailable);
    const box = outbox();
    box.add('one');
    box.add('two');
    await vi.advanceTimersByTimeAsync(0);
    box.stop();
    const next = outbox();
    expect(states(next)).toEqual(['one queued', 'two queued']);
    next.wake();
    await vi.runAllTimersAsync();
    expect(server.posts).toEqual(['c1 one', 'c1 one', 'c2 two']);
    expect(stored).toBeNull();
  });

  it('sends nothing any more once it is stopped', async () => {
    server.answers.push(unavailable);
    const box = outbox();
    box.add('one');
    await vi.advanceTimersByTimeAsync(0);
    box.stop();
    await vi.runAllTimersAsync();
    expect(server.posts).toHaveLength(1);
  });
});

describe('own messages that came back before their answer', () => {
  const sending = (text: string, sentAfter: number | null = 5): Outgoing => {
    const state = sentAfter === null ? 'queued' : 'sending';
    return { commandId: text, text, createdAt: '', state, sentAfter, position: null, problem: null, tries: 0 };
  };

  it('are shown once', () => {
    expect(withoutEchoes([sending('hi ')], [message(6, ada, 'hi')], ada.id)).toEqual([]);
  });

  it('hide one waiting message each', () => {
    const twice = [sending('hi'), { ...sending('hi'), commandId: 'second' }];
    expect(withoutEchoes(twice, [message(6, ada, 'hi')], ada.id)).toHaveLength(1);
  });

  it('are told from the same words of before, of others and of messages not sent', () => {
    const before = [message(5, ada, 'hi'), message(6, bob, 'hi')];
    expect(withoutEchoes([sending('hi')], before, ada.id)).toHaveLength(1);
    expect(withoutEchoes([sending('hi', null)], [message(6, ada, 'hi')], ada.id)).toHaveLength(1);
  });
});
