import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { readIfThere } from './files.mjs';
import { inRepository } from './paths.mjs';
import { placeForPostgres, removePlace } from './postgres-place.mjs';
import { freePort } from './ports.mjs';
import { note, run, stopProcess, waitUntil } from './processes.mjs';

const packages = ['ejabberd', 'erlang-p1-pgsql'];
const downloadMs = 5 * 60_000;
const extractMs = 60_000;
const readyMs = 60_000;
const probeMs = 1_000;
const erlangProcessesMax = 250_000;
const stopSteps = [
  ['SIGTERM', 10_000],
  ['SIGKILL', 5_000],
];

/**
 * ejabberd with its Erlang, from Debian's packages but not installed: no service, no user and no files elsewhere.
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<string>} the folder that stands for the root of a system that has it
 */
export async function ejabberdFiles({ signal } = {}) {
  const folder = inRepository('.cache', 'ops', 'ejabberd');
  if (existsSync(folder)) return folder;
  if (spawnSync('apt-get', ['--version']).status !== 0)
    throw new Failure('ejabberd is taken from Debian (bookworm): without apt-get, measure ours alone with --ours.');
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(join(part, 'packages'), { recursive: true });
  const options = { cwd: join(part, 'packages'), timeoutMs: downloadMs, signal };
  const uris = await run('apt-get', ['install', '-y', '--no-install-recommends', '--print-uris', ...packages], {
    ...options,
    what: 'apt-get install --print-uris',
  });
  const names = [...uris.matchAll(/^'\S+' ([^_ ]+)_\S+ \d+/gm)].map((match) => match[1]);
  if (!packages.every((name) => names.includes(name)))
    throw new Failure('ejabberd is installed here already: the bench needs a machine without, or --ours.');
  await run('apt-get', ['download', ...names], { ...options, what: `apt-get download ${packages.join(' ')}` });
  for (const file of readdirSync(options.cwd))
    await run('dpkg-deb', ['-x', file, part], { ...options, timeoutMs: extractMs, what: `dpkg-deb -x ${file}` });
  rmSync(options.cwd, { recursive: true });
  renameSync(part, folder);
  return folder;
}

/** An ejabberd of the bench, in a folder of its own, as an unprivileged user. */
export class Ejabberd {
  #files;
  #wanted;
  #folder;
  #process = null;

  port = 0;

  /**
   * @param {string} files what ejabberdFiles gave
   * @param {string} folder for its configuration, state and log
   */
  constructor(files, folder) {
    this.#files = files;
    this.#wanted = folder;
  }

  /** The script that makes its tables. */
  get tables() {
    return join(this.#files, 'usr', 'share', 'ejabberd', 'sql', 'pg.sql');
  }

  get pid() {
    return this.#process.pid;
  }

  /** @param {{port: number, password: string}} postgres its database `ejabberd` is there */
  async start(postgres) {
    await this.#removeLeftover();
    const { folder, user } = placeForPostgres(this.#wanted);
    this.#folder = folder;
    // Only root can enter a checkout in /root.
    const files = join(folder, 'files');
    cpSync(this.#files, files, { recursive: true, verbatimSymlinks: true });
    spawnSync('chmod', ['-R', 'u=rwX,go=rX', files]);
    this.port = await freePort();
    const config = join(folder, 'ejabberd.yml');
    const log = openSync(join(folder, 'output.log'), 'a');
    writeFileSync(config, configuration(this.port, postgres), { mode: 0o600 });
    mkdirSync(join(folder, 'mnesia'));
    if (user) for (const one of [config, join(folder, 'mnesia')]) chownSync(one, user.uid, user.gid);
    const erlang = join(files, 'usr', 'lib', 'erlang');
    const bin = join(erlang, readdirSync(erlang).find((name) => name.startsWith('erts-')), 'bin');
    const libraries = join(files, 'usr', 'lib', `${archOf()}-linux-gnu`);
    const args = ['+K', 'true', '+P', String(erlangProcessesMax), '-noinput', '-mnesia', 'dir', `"${folder}/mnesia"`];
    // Without a name the node needs no port mapper.
    const child = spawn(join(bin, 'erlexec'), [...args, '-s', 'ejabberd'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ROOTDIR: erlang,
        BINDIR: bin,
        EMU: 'beam',
        PROGNAME: 'erl',
        ERL_LIBS: libraries,
        LD_LIBRARY_PATH: libraries,
        EJABBERD_CONFIG_PATH: config,
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
      },
      ...(user && { uid: user.uid, gid: user.gid }),
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    let ended = null;
    child.on('error', (error) => (ended = error.message));
    child.on('exit', (code, signal) => (ended = signal ?? `exit code ${code}`));
    this.#process = note(child.pid ?? 0);
    writeFileSync(join(folder, 'process.json'), JSON.stringify(this.#process));
    const ready = await waitUntil(async () => ended !== null || (await this.#listens()), readyMs);
    if (ended !== null || !ready)
      throw new Failure(`ejabberd did not start (${ended ?? 'not ready'}); its logs are in ${folder}.`);
  }

  /** What a bench that was killed left behind. */
  async #removeLeftover() {
    const leftover = readIfThere(join(this.#wanted, 'process.json'));
    if (leftover !== null) await stopProcess(JSON.parse(leftover), stopSteps);
    removePlace(this.#wanted);
  }

  #listens() {
    return new Promise((resolve) => {
      const socket = connect(this.port, '127.0.0.1');
      const end = (answer) => {
        socket.destroy();
        resolve(answer);
      };
      socket.setTimeout(probeMs, () => end(false)).on('connect', () => end(true)).on('error', () => end(false));
    });
  }

  /** Stops it and removes its folder. */
  async remove() {
    if (this.#process !== null) await stopProcess(this.#process, stopSteps);
    this.#process = null;
    if (this.#folder !== undefined) removePlace(this.#wanted);
  }
}

const archOf = () => ({ x64: 'x86_64', arm64: 'aarch64' })[process.arch] ?? process.arch;

/** Rooms with the archive in PostgreSQL; nothing is shaped, nothing is encrypted. */
const configuration = (port, { port: sqlPort, password }) => `hosts: [localhost]
loglevel: warning
listen:
  - port: ${port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    access: all
    shaper: none
    max_stanza_size: 262144
auth_method: sql
auth_password_format: plain
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: ${sqlPort}
sql_database: ejabberd
sql_username: postgres
sql_password: "${password}"
modules:
  mod_disco: {}
  mod_mam:
    db_type: sql
    default: always
  mod_muc:
    db_type: mnesia
    access_create: all
    user_message_shaper: none
    user_presence_shaper: none
    room_shaper: none
    history_size: 20
    max_users: 5000
    default_room_options:
      mam: true
`;
