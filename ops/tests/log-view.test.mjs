import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readable } from '../lib/log-view.mjs';

describe('the log as a person reads it', () => {
  const entry = { Timestamp: '2026-11-20T14:10:00.123Z', LogLevel: 'Information', Message: 'Now listening' };
  it('is a time and a sentence', () => assert.match(readable(JSON.stringify(entry)), /^\d\d:\d\d:\d\d Now listening/));
  it('names what is worse than information', () =>
    assert.match(readable(JSON.stringify({ ...entry, LogLevel: 'Warning' })), /Warning: Now listening/));
  it('shows exceptions', () =>
    assert.match(readable(JSON.stringify({ ...entry, Exception: 'Boom\n at X' })), /Boom\n at X/));
  for (const line of ['plain', '{', '17', 'null', '{"a":1}', ''])
    it(`leaves ${JSON.stringify(line)} as it is`, () => assert.equal(readable(line), line));
});
