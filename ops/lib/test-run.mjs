import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall, libraryIsThere, mayInstall } from './apt.mjs';
import { graphiql, npmBuild, publishServer, webClient } from './build.mjs';
import { chromium } from './chromium.mjs';
import { Failure } from './failure.mjs';
import { installPackages } from './npm-packages.mjs';
import { inRepository, root } from './paths.mjs';
import { excerpt, run } from './processes.mjs';
import { seconds, step } from './progress.mjs';
import { resultsFolder, runSuite } from './suites.mjs';

const buildMs = 10 * 60_000;
/** One run of some suites: what they need is built first, and each starts when its own needs are there. */
export class TestRun {
  #suites;
  #database;
  #signal;
  #outcomes = [];
  #started = performance.now();

  /**
   * @param {import('./suites.mjs').Suite[]} suites
   * @param {import('./test-database.mjs').TestDatabase} database
   * @param {AbortSignal} signal
   */
  constructor(suites, database, signal) {
    this.#suites = suites;
    this.#database = database;
    this.#signal = signal;
  }

  /** @returns {Promise<number>} the exit code */
  async run() {
    await this.#systemPackages();
    mkdirSync(resultsFolder, { recursive: true });
    const postgres = this.#beside('Starting PostgreSQL', () => this.#database.start({ signal: this.#signal }));
    // The server takes what npm built into its own build, so these two never run at the same time.
    const npm = this.#npmBuilds();
    const whole =
      (await this.#allWell([postgres, npm, this.#dotnet(npm, postgres), this.#others(npm, postgres)])) &&
      (await this.#allWell([this.#benches()])) &&
      (await this.#allWell([this.#journeys()]));
    if (!whole) this.#noteWhatDidNotRun();
    return this.#summary();
  }

  #of = (...kinds) => this.#suites.filter((suite) => kinds.includes(suite.kind));
  #needs = (...kinds) => this.#of(...kinds).length > 0;
  #beside = (what, work) => step(what, work, { alone: false });

  /** What tests need beyond npm and NuGet. Missing means failing, never skipping. */
  async #systemPackages() {
    const missing = [];
    if (!libraryIsThere('libsodium')) missing.push('libsodium23');
    if (this.#needs('journeys') && !chromium()) missing.push('chromium');
    if (missing.length === 0) return;
    if (!mayInstall())
      throw new Failure(`The tests need ${missing.join(' and ')}: sudo apt-get install ${missing.join(' ')}`);
    await step(`Installing ${missing.join(' and ')}`, () => aptInstall(missing, { signal: this.#signal }));
  }

  async #npmBuilds() {
    const options = { signal: this.#signal };
    if (!this.#needs('web', 'journeys')) return;
    await this.#beside("Installing the web client's packages", () => installPackages(webClient, options));
    if (!this.#needs('journeys')) return;
    await this.#beside('Building the web client', () => npmBuild(webClient, options));
    await this.#beside('Building the GraphiQL page', () => npmBuild(graphiql, options));
  }

  async #dotnet(npm, postgres) {
    if (!this.#needs('dotnet', 'clients', 'journeys')) return;
    await npm.catch(() => {}); // What is wrong with the client is said by run() and does not concern these.
    await this.#beside('Preparing the oracle', () => this.#packages('graphql-oracle'));
    await this.#beside('Building the solution', () => this.#buildSolution());
    await postgres;
    // One after the other, though two at once take 0.6 of the time: tests that wait with a bound failed beside others.
    await this.#runAll(this.#of('dotnet'));
    if (!this.#needs('clients')) return;
    await this.#beside("Installing the clients' packages", () => this.#packages('graphql-clients'));
    await this.#runAll(this.#of('clients'));
  }

  async #others(npm, postgres) {
    await postgres;
    await this.#runAll(this.#of('scripts'));
    await npm;
    await this.#runAll(this.#of('web'));
  }

  /** Alone on the machine: they take all of it, and what has to happen in time beside them would be late. */
  async #benches() {
    await this.#runAll(this.#of('bench'));
  }

  /** Alone on the machine: their waits have bounds, and the latency they print should mean something. */
  async #journeys() {
    if (!this.#needs('journeys')) return;
    await step('Publishing the server', () => publishServer({ signal: this.#signal, built: true }));
    await step("Installing the journeys' packages", () => this.#packages('Chat.Journeys'));
    await this.#runAll(this.#of('journeys'));
  }

  #buildSolution() {
    const args = ['build', 'Chat.sln', '-c', 'Release', '-nologo', '-nodeReuse:false', '-clp:ErrorsOnly;NoSummary'];
    return run('dotnet', args, { cwd: root, timeoutMs: buildMs, what: 'dotnet build', signal: this.#signal });
  }

  async #packages(project) {
    const folder = inRepository('tests', project);
    if (!existsSync(join(folder, 'package-lock.json'))) return { skipped: 'no packages' };
    return installPackages(folder, { signal: this.#signal });
  }

  async #runAll(suites) {
    for (const suite of suites) await this.#runAndReport(suite);
  }

  async #runAndReport(suite) {
    this.#signal.throwIfAborted();
    const started = performance.now();
    const environment = {
      CHAT_TEST_POSTGRES: this.#database.connectionString,
      CHAT_TEST_POSTGRES_BIN: this.#database.bin,
    };
    const result = await runSuite(suite, { environment, signal: this.#signal });
    const log = join(resultsFolder, `${suite.name}.log`);
    writeFileSync(log, result.output);
    this.#outcomes.push({ name: suite.name, minutes: (performance.now() - started) / 60_000, ...result });

    const mark = result.failed === 0 ? '✓' : '✗';
    console.log(`${mark} ${suite.name}: ${countsOf(result)}  ${seconds(started)}`);
    // What a suite measured is worth a line; so is its log when it failed.
    for (const line of result.output.split('\n').filter((one) => one.startsWith('measured: ')))
      console.log(`  ${line}`);
    if (result.failed === 0) return;
    console.log(`\n${result.failures.join('\n\n') || excerpt(result.output)}\n\n  The whole log: ${log}\n`);
  }

  /**
   * Waits for all, also when one fails: nothing may still run while the database is taken away.
   * @returns {Promise<boolean>} whether all went well; what did not is printed
   */
  async #allWell(promises) {
    const settled = await Promise.allSettled(promises);
    this.#signal.throwIfAborted();
    const reasons = new Set(settled.filter(({ status }) => status === 'rejected').map(({ reason }) => reason));
    for (const reason of reasons) console.error(reason instanceof Failure ? `\n  ${reason.message}\n` : reason);
    return reasons.size === 0;
  }

  #noteWhatDidNotRun() {
    const ran = new Set(this.#outcomes.map(({ name }) => name));
    for (const { name } of this.#suites.filter((suite) => !ran.has(suite.name)))
      this.#outcomes.push({ name, minutes: 0, passed: 0, failed: 1, note: 'not run' });
  }

  #summary() {
    const width = Math.max(...this.#outcomes.map(({ name }) => name.length));
    console.log('\nSuite, minutes, result');
    for (const outcome of this.#outcomes)
      console.log(`  ${outcome.name.padEnd(width)}  ${outcome.minutes.toFixed(2)}  ${countsOf(outcome)}`);
    const minutes = (performance.now() - this.#started) / 60_000;
    console.log(`  ${'all'.padEnd(width)}  ${minutes.toFixed(2)}  with building\n`);
    const sum = (field) => this.#outcomes.reduce((total, outcome) => total + outcome[field], 0);
    console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
    return sum('failed') === 0 ? 0 : 1;
  }
}

const countsOf = ({ passed, failed, note }) => `${passed} passed, ${failed} failed${note && `, ${note}`}`;
