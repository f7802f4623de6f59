import { parseArgs } from 'node:util';
import { Failure, runMain } from './failure.mjs';
import { step } from './progress.mjs';
import { allSuites } from './suites.mjs';
import { removeOrphans, TestDatabase } from './test-database.mjs';
import { TestRun } from './test-run.mjs';

const interruptedExit = 130;

const help = `Runs the tests, against a PostgreSQL of their own.

  ops/test              everything
  ops/test NAME...      some suites: ${namesOf(allSuites())}
  ops/test --postgres   only starts the database and prints how to reach it, until Ctrl-C

Logs and results are kept in artifacts/test, pictures of the journeys in artifacts/screenshots.
`;

async function main() {
  const { values, positionals } = parse(process.argv.slice(2));
  if (values.help) {
    console.log(help);
    return 0;
  }
  const suites = chosen(positionals);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stopping.abort());
  await removeOrphans();
  const database = new TestDatabase();
  try {
    if (values.postgres) return await onlyPostgres(database, stopping.signal);
    return await new TestRun(suites, database, stopping.signal).run();
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    console.log('\nStopped.');
    return interruptedExit;
  } finally {
    await database.remove();
  }
}

function parse(args) {
  try {
    const options = { postgres: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } };
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${error.message.split('. ')[0]}. ops/test --help shows the options.`);
  }
}

function namesOf(suites) {
  return suites.map(({ name }) => name).join(', ');
}

function chosen(names) {
  const suites = allSuites();
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) throw new Failure(`There is no suite ${unknown.join(', ')}; there are ${namesOf(suites)}.`);
  return names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
}

async function onlyPostgres(database, signal) {
  await step('Starting PostgreSQL', () => database.start({ signal }));
  console.log(`\nexport CHAT_TEST_POSTGRES="${database.connectionString}"`);
  console.log(`export CHAT_TEST_POSTGRES_BIN="${database.bin}"\n\nCtrl-C stops it.`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return 0;
}

await runMain(main);
