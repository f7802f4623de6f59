import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { isRunning, note } from '../lib/processes.mjs';
import { RunLock } from '../lib/run-lock.mjs';

/** A pid that is used, by a process that is not the one noted: as after a restart of the machine. */
const gone = { pid: process.pid, started: 'another time' };

describe('the lock of a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chat-lock-'));
  after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'run.json');

  it('tells a second start where the first one is', async () => {
    const lock = await RunLock.take(path, 'http://localhost:1');
    await assert.rejects(RunLock.take(path, 'http://localhost:2'), /http:\/\/localhost:1 \(process \d+\)/);
    lock.release();
    assert.equal(existsSync(path), false);
  });

  it('goes to one of several starts at the same moment', async () => {
    const takes = await Promise.allSettled([1, 2, 3, 4].map(() => RunLock.take(path, 'http://localhost:1')));
    assert.equal(takes.filter(({ status }) => status === 'fulfilled').length, 1);
    rmSync(path);
  });

  it('is taken over from a start that was killed, and its server is stopped', async () => {
    const server = spawn('sleep', ['60'], { stdio: 'ignore' });
    const noted = note(server.pid);
    writeFileSync(path, JSON.stringify({ script: gone, url: 'http://localhost:1', server: noted }));
    const lock = await RunLock.take(path, 'http://localhost:2');
    assert.equal(isRunning(noted), false);
    lock.release();
  });

  it('never stops a process that merely has the number of the old server', async () => {
    writeFileSync(path, JSON.stringify({ script: gone, url: 'http://localhost:1', server: gone }));
    (await RunLock.take(path, 'http://localhost:2')).release();
  });
});
