import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { readIfThere } from './files.mjs';
import { freePort } from './ports.mjs';
import { postgresBinaries } from './postgres-binaries.mjs';
import { placeForPostgres } from './postgres-place.mjs';
import { commandLine, note, run, stopProcess, waitUntil } from './processes.mjs';

const superuser = 'postgres';
const initMs = 120_000;
/** Recovery after a crash replays at most a checkpoint's worth of log. */
const readyMs = 120_000;
/** After kill -9 the children of the old server need a moment to notice and to let go of its shared memory. */
const leftoverMs = 10_000;
const portAttempts = 3;
const logBytesMax = 10_000_000;

/** Fast shutdown; where that hangs, immediate shutdown (recovers at the next start); then the end. */
const stopSteps = [
  ['SIGINT', 30_000],
  ['SIGQUIT', 10_000],
  ['SIGKILL', 5_000],
];

/** Nothing of ours is PostgreSQL's business, secrets least of all. */
const environment = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };

/**
 * A PostgreSQL 18 of our own in a folder, on loopback, with password authentication.
 * The server runs in a process group of its own: Ctrl-C reaches only the script, which stops things in order.
 */
export class EmbeddedPostgres {
  #folder;
  #identity;
  #bin;
  #settings;
  #process = null;

  /** @type {Promise<string>} why the server ended, once it has */
  exited;
  port = 0;
  version = '';

  /**
   * @param {string} folder holds the data, the log and, where needed, the programs
   * @param {Record<string, string | number>} [settings] further settings of PostgreSQL
   */
  constructor(folder, settings = {}) {
    this.#folder = folder;
    this.#settings = settings;
  }

  /**
   * Finds the programs and stops a server that a killed script left behind.
   * @param {{signal?: AbortSignal}} [options]
   */
  async prepare(options) {
    const { folder, user } = placeForPostgres(this.#folder);
    this.#folder = realpathSync(folder);
    this.#identity = { cwd: '/', env: environment, ...(user && { uid: user.uid, gid: user.gid }) };
    const { bin, version } = await postgresBinaries(folder, user, options);
    this.#bin = bin;
    this.version = version;
    await stopLeftover(folder);
  }

  get #data() {
    return join(this.#folder, 'data');
  }

  /** Whether the database was made before. */
  get exists() {
    return existsSync(this.#data);
  }

  /** The folder of PostgreSQL's programs, once prepared. */
  get bin() {
    return this.#bin;
  }

  get logFile() {
    return join(this.#folder, 'postgres.log');
  }

  /**
   * Makes the database where there is none.
   * @param {string} password of the superuser
   * @param {string[]} statements run once in it, in the database `postgres`; one line each
   */
  async initialise(password, statements = []) {
    if (this.exists) return this.#checkVersion();
    // Under another name until it is complete: a start that is killed half way leaves nothing that looks finished.
    const data = `${this.#data}.new`;
    rmSync(data, { recursive: true, force: true });
    const passwordFile = join(this.#folder, 'password.part');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (this.#identity.uid !== undefined) chownSync(passwordFile, this.#identity.uid, this.#identity.gid);
    try {
      // The builtin locale knows Unicode's letters and is the same on every machine.
      const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
      await this.#run('initdb', [
        '-D',
        data,
        '-U',
        superuser,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        ...locale,
      ]);
    } finally {
      rmSync(passwordFile, { force: true });
    }
    // Single-user mode needs no port and no password; it takes one statement a line.
    if (statements.length > 0) {
      const output = await this.#run('postgres', ['--single', '-D', data, 'postgres'], `${statements.join('\n')}\n`);
      if (output.includes('ERROR:')) throw new Failure(`The database could not be prepared:\n\n${output}`);
    }
    renameSync(data, this.#data);
  }

  #run(program, args, input) {
    const options = { ...this.#identity, timeoutMs: initMs, what: `PostgreSQL's ${program}`, input };
    return run(join(this.#bin, program), args, options);
  }

  #checkVersion() {
    const made = readFileSync(join(this.#data, 'PG_VERSION'), 'utf8').trim();
    const major = this.version.split('.')[0];
    if (made !== major)
      throw new Failure(
        `${this.#data} was made by PostgreSQL ${made}, this is ${major}: dump it with ${made} and restore.`,
      );
  }

  /**
   * Starts the server and waits until it takes connections.
   * @param {number} [port] a free one where not given
   */
  async start(port = 0) {
    const end = performance.now() + leftoverMs;
    for (let attempt = 1; ;) {
      this.port = port === 0 ? await freePort() : port;
      const trouble = await this.#tryStart();
      if (trouble === null) return;
      if (trouble.includes('shared memory block') && performance.now() < end) continue;
      // Between finding a free port and listening someone else may have taken it.
      if (trouble.includes('could not bind') && port === 0 && attempt++ < portAttempts) continue;
      throw new Failure(`PostgreSQL did not start:\n\n${trouble}\n\n  Its log: ${this.logFile}`);
    }
  }

  async #tryStart() {
    if (existsSync(this.logFile) && statSync(this.logFile).size > logBytesMax)
      renameSync(this.logFile, `${this.logFile}.1`);
    const log = openSync(this.logFile, 'a');
    const logStart = statSync(this.logFile).size;
    const settings = {
      listen_addresses: '127.0.0.1',
      port: this.port,
      unix_socket_directories: '',
      ssl: 'off',
      log_checkpoints: 'off',
      timezone: 'UTC',
      ...this.#settings,
    };
    const args = ['-D', this.#data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const child = spawn(join(this.#bin, 'postgres'), args, {
      ...this.#identity,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    let ended = null;
    this.exited = new Promise((resolve) => {
      child.on('error', (error) => resolve((ended = error.message)));
      child.on('exit', (code, signal) => resolve((ended = signal ?? `exit code ${code}`)));
    });
    const ready = await waitUntil(() => ended !== null || this.#isReady(child.pid), readyMs);
    if (ended === null && ready) {
      this.#process = note(child.pid);
      return null;
    }
    if (ended === null) await stopProcess(note(child.pid), stopSteps);
    return (
      readFileSync(this.logFile).subarray(logStart).toString().trim() || ended || `not ready after ${readyMs / 1000} s`
    );
  }

  /** The server says so in its pid file, which is what pg_ctl looks at as well. */
  #isReady(pid) {
    const lines = readIfThere(join(this.#data, 'postmaster.pid'))?.split('\n') ?? [];
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  }

  /** The running server's process, null while stopped. */
  get process() {
    return this.#process;
  }

  /** Fast shutdown: connections are ended, everything committed is on disk. */
  async stop() {
    if (this.#process !== null) await stopProcess(this.#process, stopSteps);
    this.#process = null;
  }

  /**
   * An Npgsql connection string.
   * @param {string} password
   * @param {{user?: string, database?: string}} [as] the superuser where not given
   */
  connectionString(password, { user = superuser, database = 'postgres' } = {}) {
    const login = `Username=${user};Password=${password};Database=${database}`;
    return `Host=127.0.0.1;Port=${this.port};${login};SSL Mode=Disable`;
  }
}

/**
 * Stops a server that a killed script left behind.
 * @param {string} folder as given to EmbeddedPostgres
 */
export async function stopLeftover(folder) {
  if (!existsSync(folder)) return;
  const data = join(realpathSync(folder), 'data');
  const pidFile = join(data, 'postmaster.pid');
  const pid = Number(readIfThere(pidFile)?.split('\n')[0]);
  if (!(pid > 0) || commandLine(pid) === '') return; // PostgreSQL deals with a pid file of a dead process itself.
  if (commandLine(pid).includes(data)) await stopProcess(note(pid), stopSteps);
  // The number belongs to another program now, and PostgreSQL would believe that it is still running.
  else rmSync(pidFile);
}

/**
 * The port of the server that runs in a folder, null where none does.
 * @param {string} folder as given to EmbeddedPostgres
 */
export function runningPort(folder) {
  if (!existsSync(folder)) return null;
  const data = join(realpathSync(folder), 'data');
  const lines = readIfThere(join(data, 'postmaster.pid'))?.split('\n') ?? [];
  const pid = Number(lines[0]);
  return pid > 0 && commandLine(pid).includes(data) ? Number(lines[3]) : null;
}
