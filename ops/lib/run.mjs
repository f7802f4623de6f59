import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { aptInstall, libraryIsThere, mayInstall } from './apt.mjs';
import { graphiql, npmBuild, publishServer, webClient } from './build.mjs';
import { Failure, runMain } from './failure.mjs';
import { showLog } from './log-view.mjs';
import { portIsFree } from './ports.mjs';
import { EmbeddedPostgres, stopLeftover } from './postgres.mjs';
import { removePlace } from './postgres-place.mjs';
import { step } from './progress.mjs';
import { RunLock } from './run-lock.mjs';
import { help, runOptions } from './run-options.mjs';
import { secretsAt } from './secrets.mjs';
import { ChatServer } from './server.mjs';

/** A database elsewhere may come up late; the server waits for it and says so. */
const readyMs = 180_000;
const interruptedExit = 130;
const privilegedPorts = 1024;

const database = 'chat';
const databaseUser = 'chat';

async function main() {
  const options = runOptions(process.argv.slice(2), process.env);
  if (options.help) {
    console.log(help);
    return 0;
  }
  makeFolder(options.data);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());

  const url = `http://localhost:${options.port}`;
  const lock = await RunLock.take(join(options.data, 'run.json'), url);
  try {
    if (options.reset) return await reset(options);
    await checkPort(options.port, '--port');
    if (options.pgPort !== 0 && !process.env.CHAT__DATABASE) await checkPort(options.pgPort, '--pg-port');
    return await buildAndServe(options, lock, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.log('\nStopped.');
    return interruptedExit;
  } finally {
    lock.release();
  }
}

function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    throw new Failure(`The data folder ${folder} cannot be made: ${error.message}`);
  }
}

async function checkPort(port, option) {
  if (await portIsFree(port)) return;
  const why =
    port < privilegedPorts && process.getuid() !== 0 ? 'needs root, or is in use' : 'is in use by another program';
  throw new Failure(`Port ${port} ${why}: choose another one with ${option} NUMBER.`);
}

async function reset({ data, yes }) {
  if (!yes && !(await confirmed(`All accounts, rooms and messages in ${data} are deleted. Type yes to go on: `))) {
    console.log('Nothing was deleted.');
    return 1;
  }
  await stopLeftover(join(data, 'postgres'));
  removePlace(join(data, 'postgres'));
  rmSync(join(data, 'secrets.json'), { force: true });
  console.log('All data is deleted. ops/run starts anew.');
  return 0;
}

async function confirmed(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Without an answer (end of input) nothing is deleted.
  const closed = new Promise((resolve) => terminal.on('close', () => resolve('')));
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}

async function buildAndServe(options, lock, signal) {
  await passwordHashing(signal);
  await step('Building the web client', () => npmBuild(webClient, { signal }));
  await step('Building the GraphiQL page', () => npmBuild(graphiql, { signal }));
  await step('Building the server', () => publishServer({ signal }));

  const postgres = process.env.CHAT__DATABASE ? null : new EmbeddedPostgres(join(options.data, 'postgres'));
  let server = null;
  try {
    const settings = await prepareData(options, postgres, signal);
    signal.throwIfAborted();
    console.log('  Starting the server; its log:\n');
    server = new ChatServer(options.port, settings, { stdio: ['ignore', 'pipe', 'pipe'] });
    showLog(server.child);
    lock.noteServer(server.process);
    await server.ready(readyMs, signal);
    console.log(`\n  Chat is ready:  ${server.url}\n  GraphQL:        ${server.url}/graphql\n  Ctrl-C stops it.\n`);
    return await untilTheEnd(server, postgres, signal);
  } finally {
    if (server) await step('Stopping the server', () => server.stop());
    if (postgres?.process) await step('Stopping PostgreSQL', () => postgres.stop());
  }
}

/** The server's password hash is Argon2id from libsodium; it has a fallback, so this never ends the start. */
async function passwordHashing(signal) {
  if (libraryIsThere('libsodium')) return;
  if (mayInstall()) {
    try {
      await step('Installing libsodium23', () => aptInstall(['libsodium23'], { signal }));
      return;
    } catch {
      signal.throwIfAborted();
    }
  }
  const command = process.platform === 'darwin' ? 'brew install libsodium' : 'sudo apt-get install libsodium23';
  console.log(`! libsodium is missing: passwords are hashed with PBKDF2 instead of Argon2id (${command}).`);
}

/**
 * Makes and starts the database, where it is the embedded one.
 * @returns {Promise<Record<string, string>>} the settings with which the server reaches and reads it
 */
async function prepareData({ data, pgPort }, postgres, signal) {
  if (postgres) await step('Preparing PostgreSQL', () => postgres.prepare({ signal }));
  const secrets = secretsAt(join(data, 'secrets.json'), postgres?.exists ?? false);
  const settings = { CHAT__MASTERKEY: process.env.CHAT__MASTERKEY || secrets.masterKey };
  if (!postgres) return settings;

  await step(postgres.exists ? 'Checking the database' : 'Making the database', () =>
    postgres.initialise(secrets.superuserPassword, [
      `CREATE ROLE ${databaseUser} LOGIN PASSWORD '${secrets.serverPassword}'`,
      `CREATE DATABASE ${database} OWNER ${databaseUser}`,
    ]),
  );
  signal.throwIfAborted();
  await step(`Starting PostgreSQL ${postgres.version}`, () => postgres.start(pgPort));
  return {
    ...settings,
    CHAT__DATABASE: postgres.connectionString(secrets.serverPassword, { user: databaseUser, database }),
  };
}

/** Waits for Ctrl-C, or for one of the two processes to end, which neither does by itself. */
async function untilTheEnd(server, postgres, signal) {
  const asked = new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
  const ended = await Promise.race([
    signal.aborted ? null : asked,
    server.exited.then((how) => `The server ended (${how}); its log says why.`),
    ...(postgres ? [postgres.exited.then((how) => `PostgreSQL ended (${how}); its log: ${postgres.logFile}`)] : []),
  ]);
  if (ended === null) return 0;
  console.error(`\n  ${ended}\n  Everything is stopped; start it again with ops/run.`);
  return 1;
}

await runMain(main);
