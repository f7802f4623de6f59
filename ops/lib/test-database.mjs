import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readIfThere } from './files.mjs';
import { EmbeddedPostgres, stopLeftover } from './postgres.mjs';
import { removePlace } from './postgres-place.mjs';
import { isRunning, note } from './processes.mjs';

const prefix = 'chat-test-';
/** Suites run side by side, each with a pool for every server that it starts. */
const connectionsMax = 300;

/** A PostgreSQL in a temporary folder, with the settings of production: what tests and figures say holds there too. */
export class TestDatabase {
  #folder = mkdtempSync(join(tmpdir(), prefix));
  #password = randomBytes(16).toString('hex');
  #postgres = new EmbeddedPostgres(join(this.#folder, 'postgres'), { max_connections: connectionsMax });

  #statements;

  /** @param {string[]} [statements] run once in the new database `postgres`, such as CREATE DATABASE */
  constructor(statements = []) {
    this.#statements = statements;
    chmodSync(this.#folder, 0o755);
    writeFileSync(join(this.#folder, 'owner.json'), JSON.stringify(note(process.pid)));
  }

  /** @param {{signal?: AbortSignal, port?: number}} [options] */
  async start({ signal, port } = {}) {
    await this.#postgres.prepare({ signal });
    await this.#postgres.initialise(this.#password, this.#statements);
    signal?.throwIfAborted();
    await this.#postgres.start(port);
  }

  /** The superuser's Npgsql connection string. */
  get connectionString() {
    return this.connectionStringOf('postgres');
  }

  /** @param {string} database */
  connectionStringOf(database) {
    return this.#postgres.connectionString(this.#password, { database });
  }

  get password() {
    return this.#password;
  }

  get port() {
    return this.#postgres.port;
  }

  /** The folder of PostgreSQL's programs: some tests start servers of their own, to kill them. */
  get bin() {
    return this.#postgres.bin;
  }

  get version() {
    return this.#postgres.version;
  }

  /** Stops the server; the data stays. */
  stop() {
    return this.#postgres.stop();
  }

  /** Stops the server and removes everything. */
  async remove() {
    await this.stop();
    removePlace(join(this.#folder, 'postgres'));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Removes what killed test runs left behind: their servers would keep memory and disk for ever. */
export async function removeOrphans() {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(prefix))) {
    const folder = join(tmpdir(), name);
    const owner = readIfThere(join(folder, 'owner.json'));
    if (owner === null || isRunning(JSON.parse(owner))) continue;
    const place = join(folder, 'postgres');
    await stopLeftover(place);
    removePlace(place);
    rmSync(folder, { recursive: true, force: true });
  }
}
