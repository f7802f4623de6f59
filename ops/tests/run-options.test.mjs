import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runOptions } from '../lib/run-options.mjs';

describe('options of ops/run', () => {
  it('have defaults', () => {
    const { port, pgPort, data } = runOptions([], {});
    assert.deepEqual({ port, pgPort }, { port: 5080, pgPort: 0 });
    assert.match(data, /\.data$/);
  });
  it('come from the environment', () =>
    assert.equal(runOptions([], { CHAT_PORT: '6000', CHAT_PG_PORT: '6001', CHAT_DATA: '/d' }).data, '/d'));
  it('prefer the command line', () => assert.equal(runOptions(['--port', '7000'], { CHAT_PORT: '6000' }).port, 7000));
  for (const port of ['0', '65536', '-1', '80x', '1e3', '99999999999'])
    it(`refuse port ${port}`, () => assert.throws(() => runOptions([`--port=${port}`], {}), /number from 1 to 65535/));
  it('refuse one port for both', () =>
    assert.throws(() => runOptions(['--port=7000', '--pg-port=7000'], {}), /different/));
  it('refuse what they do not know', () => assert.throws(() => runOptions(['--fast'], {}), /Unknown option/));
});
