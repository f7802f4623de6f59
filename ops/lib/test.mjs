import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aptInstall, libraryIsThere, mayInstall } from './apt.mjs';
import { graphiql, npmBuild, publishServer, webClient } from './build.mjs';
import { chromium } from './chromium.mjs';
import { Failure, runMain } from './failure.mjs';
import { installPackages } from './npm-packages.mjs';
import { inRepository, root } from './paths.mjs';
import { excerpt, run } from './processes.mjs';
import { seconds, step } from './progress.mjs';
import { allSuites, resultsFolder, runSuite } from './suites.mjs';
import { removeOrphans, TestDatabase } from './test-database.mjs';

const buildMs = 10 * 60_000;
const interruptedExit = 130;

const help = `Runs the tests, against a PostgreSQL of their own.

  ops/test              everything
  ops/test NAME...      some suites: ${allSuites().map((suite) => suite.name).join(', ')}
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
    return await testAll(suites, database, stopping.signal);
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

function chosen(names) {
  const suites = allSuites();
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0)
    throw new Failure(`There is no suite ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}.`);
  return names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
}

async function onlyPostgres(database, signal) {
  await step('Starting PostgreSQL', () => database.start({ signal }));
  console.log(`\nexport CHAT_TEST_POSTGRES="${database.connectionString}"\n\nCtrl-C stops it.`);
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return 0;
}

async function testAll(suites, database, signal) {
  const started = performance.now();
  await systemPackages(suites.some((suite) => suite.kind === 'journeys'), signal);
  mkdirSync(resultsFolder, { recursive: true });
  const of = (...kinds) => suites.filter((suite) => kinds.includes(suite.kind));
  const needs = (...kinds) => of(...kinds).length > 0;
  const beside = (what, work) => step(what, work, { alone: false });

  // The solution builds beside the client's tests; each suite starts when what it needs is there.
  const outcomes = [];
  const runAll = async (some) => {
    for (const suite of some) outcomes.push(await runAndReport(suite, database, signal));
  };
  const postgres = beside('Starting PostgreSQL', () => database.start({ signal }));
  // The server takes what npm built into its own build, so these never run at the same time.
  const npmBuilds = async () => {
    if (!needs('web', 'journeys')) return;
    await beside("Installing the web client's packages", () => installPackages(webClient, { signal }));
    if (!needs('journeys')) return;
    await beside('Building the web client', () => npmBuild(webClient, { signal }));
    await beside('Building the GraphiQL page', () => npmBuild(graphiql, { signal }));
  };
  const npm = npmBuilds();
  const dotnet = async () => {
    if (!needs('dotnet', 'journeys')) return;
    await npm.catch(() => {}); // What is wrong with the client is said below and does not concern these.
    await beside('Preparing the oracle', () => packagesWhereThere(inRepository('tests', 'graphql-oracle'), signal));
    await beside('Building the solution', () => buildSolution(signal));
    await postgres;
    await runAll(of('dotnet'));
  };
  const others = async () => {
    await postgres;
    await runAll(of('scripts'));
    await npm;
    await runAll(of('web'));
  };
  const journeys = async () => {
    if (!needs('journeys')) return;
    await step('Publishing the server', () => publishServer({ signal, built: true }));
    await step("Installing the journeys' packages", () => packagesWhereThere(inRepository('tests', 'Chat.Journeys'), signal));
    // Alone on the machine: their waits have bounds, and the latency they print should mean something.
    await runAll(of('journeys'));
  };
  let whole = await allDone([npm, dotnet(), others(), postgres], signal);
  if (whole) whole = await allDone([journeys()], signal);
  for (const { name } of suites.filter(({ name }) => !outcomes.some((outcome) => outcome.name === name)))
    outcomes.push({ name, minutes: 0, passed: 0, failed: 1, note: 'not run' });
  return summary(outcomes, started);
}

/**
 * Waits for all, also when one fails: nothing may still run while the database is taken away.
 * @returns {Promise<boolean>} whether all went well; what did not is printed
 */
async function allDone(promises, signal) {
  const reasons = (await Promise.allSettled(promises)).filter(({ status }) => status === 'rejected').map(({ reason }) => reason);
  signal.throwIfAborted();
  for (const reason of new Set(reasons)) console.error(reason instanceof Failure ? `\n  ${reason.message}\n` : reason);
  return reasons.length === 0;
}

const packagesWhereThere = async (folder, signal) =>
  existsSync(join(folder, 'package-lock.json')) ? installPackages(folder, { signal }) : { skipped: 'no packages' };

const buildSolution = (signal) =>
  run('dotnet', ['build', 'Chat.sln', '-c', 'Release', '-nologo', '-nodeReuse:false', '-clp:ErrorsOnly;NoSummary'], {
    cwd: root, timeoutMs: buildMs, what: 'dotnet build', signal,
  });

/** What tests need beyond npm and NuGet. Missing means failing, never skipping. */
async function systemPackages(browserNeeded, signal) {
  const missing = [];
  if (!libraryIsThere('libsodium')) missing.push('libsodium23');
  if (browserNeeded && !chromium()) missing.push('chromium');
  if (missing.length === 0) return;
  if (!mayInstall())
    throw new Failure(`The tests need ${missing.join(' and ')}: sudo apt-get install ${missing.join(' ')}`);
  await step(`Installing ${missing.join(' and ')}`, () => aptInstall(missing, { signal }));
}

async function runAndReport(suite, database, signal) {
  signal.throwIfAborted();
  const started = performance.now();
  const result = await runSuite(suite, { environment: { CHAT_TEST_POSTGRES: database.connectionString }, signal });
  const log = join(resultsFolder, `${suite.name}.log`);
  writeFileSync(log, result.output);
  const minutes = (performance.now() - started) / 60_000;
  const mark = result.failed === 0 ? '✓' : '✗';
  console.log(`${mark} ${suite.name}: ${result.passed} passed, ${result.failed} failed${result.note && `, ${result.note}`}  ${seconds(started)}`);
  // What a suite measured is worth a line; so is the end of its log when it failed.
  for (const line of result.output.split('\n').filter((one) => one.startsWith('measured: '))) console.log(`  ${line}`);
  if (result.failed > 0) console.log(`\n${excerpt(result.output)}\n\n  The whole log: ${log}\n`);
  return { name: suite.name, minutes, ...result };
}

function summary(outcomes, started) {
  const width = Math.max(...outcomes.map(({ name }) => name.length));
  console.log('\nSuite, minutes, result');
  for (const { name, minutes, passed, failed, note } of outcomes)
    console.log(`  ${name.padEnd(width)}  ${minutes.toFixed(2)}  ${passed} passed, ${failed} failed${note && `, ${note}`}`);
  const sum = (field) => outcomes.reduce((total, outcome) => total + outcome[field], 0);
  console.log(`  ${'all'.padEnd(width)}  ${((performance.now() - started) / 60_000).toFixed(2)}  with building\n`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') === 0 ? 0 : 1;
}

await runMain(main);
