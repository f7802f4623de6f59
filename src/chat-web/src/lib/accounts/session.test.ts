import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RequestError } from '../graphql/request-error';
import type { Transport } from '../graphql/transport';
import { ada, bob } from '../testing';
import { Session } from './session.svelte';

const viewer = (user = ada) => ({ user, email: null, role: 'MEMBER' as const });

let answers: unknown[];
let lose: () => void;
let changed: ReturnType<typeof vi.fn<(byThisTab: boolean) => void>>;

function session(): Session {
  const transport = {
    onSessionLost: (listener: () => void) => (lose = listener),
    send: async () => {
      await Promise.resolve();
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Transport;
  return new Session(transport, changed);
}

beforeEach(() => {
  vi.useFakeTimers();
  answers = [];
  changed = vi.fn<(byThisTab: boolean) => void>();
});
afterEach(() => vi.useRealTimers());

describe('the session', () => {
  it('is what the server says', async () => {
    const mine = session();
    expect(mine.phase).toBe('loading');
    answers.push({ viewer: null });
    await mine.refresh();
    expect(mine.phase).toBe('signedOut');
    expect(mine.lost).toBe(false);
  });

  it('keeps asking a server that is away', async () => {
    const mine = session();
    answers.push(RequestError.network(), RequestError.network(), { viewer: viewer() });
    await mine.refresh();
    expect(mine.phase).toBe('unreachable');
    await vi.runAllTimersAsync();
    expect(mine.phase).toBe('signedIn');
  });

  it('begins with any way in and tells the other tabs', async () => {
    const mine = session();
    answers.push({ enterAsGuest: { viewer: viewer(bob), errors: [] } });
    expect(await mine.enterAsGuest({ displayName: 'Bob' })).toEqual([]);
    expect(mine.viewer?.user).toEqual(bob);
    expect(changed).toHaveBeenCalledExactlyOnceWith(true);
  });

  it('hands refusals back and stays as it is', async () => {
    const mine = session();
    const refusal = { code: 'INVALID_CREDENTIALS', message: 'No.', field: null, retryAfterMs: null };
    answers.push({ viewer: null }, { signIn: { viewer: null, errors: [refusal] } });
    await mine.refresh();
    expect(await mine.signIn({ email: 'a@b.c', password: 'x' })).toEqual([refusal]);
    expect(mine.phase).toBe('signedOut');
    expect(changed).not.toHaveBeenCalled();
  });

  it('ends here when it ended elsewhere, and says so', async () => {
    const mine = session();
    answers.push({ viewer: viewer() }, { viewer: null });
    await mine.refresh();
    lose();
    await vi.runAllTimersAsync();
    expect(mine.phase).toBe('signedOut');
    expect(mine.lost).toBe(true);
    expect(changed).toHaveBeenCalledExactlyOnceWith(false);
  });

  it('ends by signing out without a reproach', async () => {
    const mine = session();
    answers.push({ viewer: viewer() }, { signOut: { ok: true, errors: [] } });
    await mine.refresh();
    expect(await mine.signOut()).toEqual([]);
    expect(mine.phase).toBe('signedOut');
    expect(mine.lost).toBe(false);
  });

  it('survives a server that is away for a while', async () => {
    const mine = session();
    answers.push({ viewer: viewer() }, RequestError.network(), { viewer: viewer() });
    await mine.refresh();
    await mine.refresh();
    expect(mine.phase).toBe('signedIn');
    await vi.runAllTimersAsync();
    expect(changed).not.toHaveBeenCalled();
  });
});
