import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { EmbeddedPostgres, runningPort, stopLeftover } from '../lib/postgres.mjs';
import { removePlace } from '../lib/postgres-place.mjs';
import { isRunning } from '../lib/processes.mjs';

describe('the embedded PostgreSQL', () => {
  // With a space, as in the path of many a checkout.
  const folder = mkdtempSync(join(tmpdir(), 'chat postgres '));
  chmodSync(folder, 0o755);
  const place = join(folder, 'postgres');
  after(async () => {
    await stopLeftover(place);
    removePlace(place);
    rmSync(folder, { recursive: true });
  });

  async function started(port) {
    const postgres = new EmbeddedPostgres(place);
    await postgres.prepare();
    await postgres.initialise('secret', ['CREATE DATABASE chat']);
    await postgres.start(port);
    return postgres;
  }
  const pidFile = join(place, 'data', 'postmaster.pid');

  it('starts, stops and starts again on the same data', async () => {
    const postgres = await started();
    const made = statSync(join(place, 'data', 'PG_VERSION')).mtimeMs;
    assert.equal(runningPort(place), postgres.port);
    await postgres.stop();
    assert.equal(existsSync(pidFile), false);
    assert.equal(runningPort(place), null);
    const again = await started();
    assert.equal(statSync(join(place, 'data', 'PG_VERSION')).mtimeMs, made);
    await again.stop();
  });

  it('leaves no password lying about', () => assert.equal(existsSync(join(place, 'password.part')), false));

  it('starts after kill -9', async () => {
    const postgres = await started();
    process.kill(postgres.process.pid, 'SIGKILL');
    assert.equal(await postgres.exited, 'SIGKILL');
    await (await started()).stop();
  });

  it('stops the server of a script that was killed', async () => {
    const leftBehind = (await started()).process;
    const postgres = await started();
    assert.equal(isRunning(leftBehind), false);
    await postgres.stop();
  });

  it('starts although its old number belongs to another program', async () => {
    writeFileSync(pidFile, `${process.pid}\n${join(place, 'data')}\n`);
    const { uid, gid } = statSync(join(place, 'data'));
    if (process.getuid() === 0) chownSync(pidFile, uid, gid);
    await (await started()).stop();
  });

  it('makes the database anew when the first start was killed half way', async () => {
    removePlace(place);
    mkdirSync(join(place, 'data.new'), { recursive: true });
    writeFileSync(join(place, 'data.new', 'PG_VERSION'), '18');
    await (await started()).stop();
  });

  it('says that a port is taken', async () => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    await assert.rejects(started(other.address().port), /Address already in use/);
    other.close();
  });

  it('refuses data of another major version', async () => {
    const version = join(place, 'data', 'PG_VERSION');
    const real = readFileSync(version);
    writeFileSync(version, '17\n');
    await assert.rejects(started(), /made by PostgreSQL 17, this is 18/);
    writeFileSync(version, real);
  });
});
