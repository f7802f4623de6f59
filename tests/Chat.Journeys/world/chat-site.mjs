import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { inRepository } from '../../../ops/lib/paths.mjs';
import { freePort } from '../../../ops/lib/ports.mjs';
import { ChatServer } from '../../../ops/lib/server.mjs';
import { adminConnection, newDatabase } from './database.mjs';

const readyMs = 60_000;

/** The published server, as a process on a database of its own; it can be killed and started again on the same port. */
export class ChatSite {
  #settings;
  #database;
  #log;
  #server = null;

  constructor(port, database, log, settings) {
    this.port = port;
    this.#database = database;
    this.#log = log;
    this.#settings = {
      CHAT__DATABASE: database.connectionString,
      CHAT__MASTERKEY: randomBytes(32).toString('base64'),
      CHAT__SERVERNAME: 'Journey',
      CHAT__RATELIMITSCALE: '1000',
      ...settings,
    };
  }

  /**
   * @param {string} name of the journey, for the server's log in artifacts/test
   * @param {string} [admin] the PostgreSQL to use
   * @param {Record<string, string>} [settings] further environment of the server
   */
  static async open(name, admin = adminConnection(), settings = {}) {
    const folder = inRepository('artifacts', 'test');
    mkdirSync(folder, { recursive: true });
    const log = createWriteStream(`${folder}/server-${name}.log`);
    const site = new ChatSite(await freePort(), await newDatabase(admin), log, settings);
    await site.start();
    return site;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  get server() {
    return this.#server;
  }

  async start() {
    await this.launch();
    await this.#server.ready(readyMs);
  }

  /** Starts the process without waiting until it is ready. */
  async launch() {
    this.#server = new ChatServer(this.port, this.#settings, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#server.child.stdout, this.#server.child.stderr]) stream.pipe(this.#log, { end: false });
  }

  /** Ends the process as a power cut would. */
  kill() {
    return this.#server.kill();
  }

  async close() {
    await this.#server?.stop();
    await this.#database.drop();
    this.#log.end();
  }
}
