import { describe, expect, it } from 'vitest';
import { RequestError } from '../graphql/request-error';
import { initials } from './avatar';
import { Form } from './form.svelte';

const refusal = (message: string, field: string | null) => ({
  code: 'INVALID_INPUT',
  message,
  field,
  retryAfterMs: null,
});

describe('a form', () => {
  it('shows refusals at their fields and the rest above the button', async () => {
    const form = new Form(['name', 'topic']);
    const sent = form.submit(async () => [
      refusal('Too long.', 'input.topic'),
      refusal('Needed.', 'name'),
      refusal('Also this.', 'name'),
      refusal('No.', null),
    ]);
    expect(form.busy).toBe(true);
    expect(await sent).toBe(false);
    expect(form.problem('name')).toBe('Needed.');
    expect(form.problem('topic')).toBe('Too long.');
    expect(form.firstInvalid).toBe('name');
    expect(form.general).toBe('No.');
    expect(form.busy).toBe(false);
  });

  it('shows what belongs to no field it has', async () => {
    const form = new Form(['name']);
    await form.submit(async () => [refusal('Bad id.', 'commandId')]);
    expect(form.general).toBe('Bad id.');
  });

  it('does not repeat what the label says', async () => {
    const form = new Form(['name']);
    await form.submit(async () => [refusal('name must not be empty.', 'name')]);
    expect(form.problem('name')).toBe('Must not be empty.');
  });

  it('says why nothing was sent, and is clean after success', async () => {
    const form = new Form(['name']);
    expect(await form.submit(() => Promise.reject(RequestError.network()))).toBe(false);
    expect(form.general).toContain('cannot be reached');
    expect(await form.submit(async () => [])).toBe(true);
    expect(form.general).toBeNull();
  });

  it('sends once at a time', async () => {
    const form = new Form([]);
    const first = form.submit(async () => []);
    expect(await form.submit(async () => [])).toBe(false);
    expect(await first).toBe(true);
  });
});

describe('initials', () => {
  it.each([
    ['Ada', 'A'],
    ['Ada King Lovelace', 'AL'],
    ['  élan  vital ', 'ÉV'],
    ['👩‍🚀 x', '👩‍🚀X'],
    ['', ''],
  ])('of %s are %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});
