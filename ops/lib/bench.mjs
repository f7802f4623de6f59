import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishServer } from './build.mjs';
import { Ejabberd, ejabberdFiles } from './ejabberd.mjs';
import { Failure, runMain } from './failure.mjs';
import { installPackages } from './npm-packages.mjs';
import { inRepository, root } from './paths.mjs';
import { freePort } from './ports.mjs';
import { excerpt, execute, run } from './processes.mjs';
import { step } from './progress.mjs';
import { ChatServer } from './server.mjs';
import { removeOrphans, TestDatabase } from './test-database.mjs';

const buildMs = 10 * 60_000;
const readyMs = 60_000;
const benchMs = 3 * 60_000;
/** All rows of the store; filling the large log takes the longest. */
const storeMs = 2 * 60 * 60_000;
/** All rows of the GraphQL server. */
const graphqlMs = 60 * 60_000;
/** All rows of the chat server beside ejabberd; filling the large room takes the longest. */
const chatMs = 60 * 60_000;
const interruptedExit = 130;

const help = `Measures on this machine, with a PostgreSQL of its own where one is needed.

  ops/bench smoke                     latency and messages/s with 10 senders in 5 rooms, half a minute
  ops/bench store [ROW…] [OPTION…]    the event store, beside plain programs; all rows where none is named
  ops/bench graphql [ROW…] [--quick]  the GraphQL server, beside others, which it installs; needs Linux and two cores
  ops/bench chat [ROW…] [OPTION…]     the chat server as ops/run serves it, beside ejabberd; needs Linux

  A row that there is not lists those that there are. Options:
    --quick          fewer and shorter runs, a smaller log: to see whether something moved
    --scattered-ids  event ids that are not in the order of time, as name-based ones are (store)
    --ours           without ejabberd, which is otherwise taken from Debian's packages (chat)
`;

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  if (name === '--help') {
    console.log(help);
    return 0;
  }
  const kind = new Map(Object.entries({ smoke, store, graphql, chat })).get(name);
  if (kind === undefined || (kind === smoke && rest.length > 0))
    throw new Failure(`There is ops/bench smoke, store, graphql and chat.\n\n${help}`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
  await removeOrphans();
  const database = new TestDatabase(['CREATE DATABASE chat', 'CREATE DATABASE ejabberd']);
  try {
    return await kind(database, rest, stopping.signal);
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.log('\nStopped.');
    return interruptedExit;
  } finally {
    await database.remove();
  }
}

async function smoke(database, _, signal) {
  await step('Building the server', () => publishServer({ signal }));
  const bench = await step('Building the bench', () => buildBench(signal));
  await step('Starting PostgreSQL', () => database.start({ signal }));
  const server = await step('Starting the server', () => startServer(database, signal));
  try {
    return await measure(bench, server, database, signal);
  } finally {
    await server.stop();
  }
}

async function store(database, rows, signal) {
  const bench = await step('Building the bench', () => buildBench(signal));
  await step('Starting PostgreSQL', () => database.start({ signal }));
  console.log('… Measuring the event store');
  const env = {
    ...process.env,
    CHAT_BENCH_DATABASE: database.connectionString,
    // As the server runs: a web application gets the server's garbage collector.
    DOTNET_gcServer: '1',
  };
  return runRows('dotnet', [bench, 'store', ...rows], { env, timeoutMs: storeMs, signal });
}

async function graphql(_, rows, signal) {
  const [serverCore, benchCore] = cores();
  const peers = inRepository('tests', 'Chat.Bench', 'GraphQL', 'peers');
  const bench = await step('Building the bench', () => buildBench(signal));
  await step('Installing the servers to compare with', () => installPackages(peers, { signal }));
  console.log('… Measuring the GraphQL server');
  const env = { ...process.env, CHAT_BENCH_PEERS: peers, CHAT_BENCH_SERVER_CORE: serverCore };
  const args = ['-c', benchCore, 'dotnet', bench, 'graphql', ...rows];
  return runRows('taskset', args, { env, timeoutMs: graphqlMs, signal });
}

async function chat(database, args, signal) {
  if (process.platform !== 'linux') throw new Failure('ops/bench chat needs Linux: epoll, and /proc tells the costs.');
  const rows = args.filter((arg) => arg !== '--ours');
  const masterKey = randomBytes(32).toString('base64');
  await step('Building the server', () => publishServer({ signal }));
  const bench = await step('Building the bench', () => buildBench(signal));
  const files = args.includes('--ours') ? null : await step('Fetching ejabberd', () => ejabberdFiles({ signal }));
  await step('Starting PostgreSQL', () => database.start({ signal }));
  const server = await step('Starting the server', () => startServer(database, signal, masterKey));
  const peer = files && new Ejabberd(files, inRepository('artifacts', 'bench', 'ejabberd'));
  try {
    if (peer) await step('Starting ejabberd', () => peer.start(database));
    console.log('… Measuring the chat server');
    const env = {
      ...process.env,
      CHAT_BENCH_DATABASE: database.connectionStringOf('chat'),
      CHAT_BENCH_MASTERKEY: masterKey,
      CHAT_BENCH_SERVER: `${server.url} ${server.process.pid}`,
      ...(peer && { CHAT_BENCH_EJABBERD: `${peer.port} ${peer.pid} ${peer.tables}` }),
    };
    return await runRows('dotnet', [bench, 'chat', ...rows], { env, timeoutMs: chatMs, signal });
  } finally {
    await server.stop();
    await peer?.remove();
  }
}

async function runRows(command, args, { signal, ...options }) {
  const onOutput = (text) => process.stdout.write(text);
  const { code, how } = await execute(command, args, { cwd: root, signal, onOutput, ...options });
  signal.throwIfAborted();
  // 1: something that must be reached is not; the table says what.
  if (code !== 0 && code !== 1) console.log(`\n  The bench ${how}.`);
  return code === 0 ? 0 : 1;
}

/** The first and the last core that this process may run on. */
function cores() {
  if (process.platform !== 'linux')
    throw new Failure('ops/bench graphql needs Linux: each side is bound to a core, and /proc tells what it costs.');
  const allowed = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1].split(/[-,]/);
  if (allowed.length < 2) throw new Failure('ops/bench graphql needs two cores: one for the server, one for the load.');
  return [allowed[0], allowed.at(-1)];
}

async function buildBench(signal) {
  const project = inRepository('tests', 'Chat.Bench');
  const args = ['build', project, '-c', 'Release', '-nologo', '-nodeReuse:false', '-clp:ErrorsOnly;NoSummary'];
  await run('dotnet', args, { cwd: root, timeoutMs: buildMs, what: 'dotnet build', signal });
  return join(project, 'bin', 'Release', 'net10.0', 'Chat.Bench.dll');
}

async function startServer(database, signal, masterKey = randomBytes(32).toString('base64')) {
  const folder = inRepository('artifacts', 'bench');
  mkdirSync(folder, { recursive: true });
  const log = openSync(join(folder, 'server.log'), 'w');
  const settings = {
    CHAT__DATABASE: database.connectionStringOf('chat'),
    CHAT__MASTERKEY: masterKey,
    CHAT__RATELIMITSCALE: '1000000',
  };
  const server = new ChatServer(await freePort(), settings, { stdio: ['ignore', log, log] });
  try {
    await server.ready(readyMs, signal);
  } catch (error) {
    await server.stop();
    throw new Failure(`${error.message} (${join(folder, 'server.log')})`);
  }
  return server;
}

async function measure(bench, server, database, signal) {
  console.log('… Measuring: warm-up, fixed rate, saturation; half a minute');
  const args = [bench, 'smoke', server.url, database.version];
  const { code, how, output } = await execute('dotnet', args, { cwd: root, timeoutMs: benchMs, signal });
  signal.throwIfAborted();
  console.log(code === 0 ? output : `${excerpt(output)}\n\n  The bench ${how}.`);
  return code === 0 ? 0 : 1;
}

await runMain(main);
