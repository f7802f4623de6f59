import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('window', { location: { pathname: '/', hash: '' } });
const { mailLinkOf } = await import('./router.svelte');

describe('links in mails', () => {
  it('are known by their path, and their token by the fragment', () => {
    expect(mailLinkOf('/verify-email', '#token=abc-_')).toEqual({ page: 'verify-email', token: 'abc-_' });
    expect(mailLinkOf('/reset-password/', '')).toEqual({ page: 'reset-password', token: '' });
    expect(mailLinkOf('/', '#token=abc')).toBeNull();
    expect(mailLinkOf('/rooms/verify-email', '#token=abc')).toBeNull();
  });
});
