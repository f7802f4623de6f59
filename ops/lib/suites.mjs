import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { webClient } from './build.mjs';
import { inRepository } from './paths.mjs';
import { execute } from './processes.mjs';
import { junitCounts, junitFailures, verdict } from './results.mjs';

const suiteMs = 10 * 60_000;
const slowTestSeconds = 60;

/** Results and logs of the last run. */
export const resultsFolder = inRepository('artifacts', 'test');

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {'dotnet' | 'scripts' | 'clients' | 'web' | 'bench' | 'journeys'} kind what has to be there before it runs
 * @property {string} folder
 * @property {(results: string) => [string, string[]]} command given the JUnit file to write
 * @property {boolean} [oneCheck] it is a single check without a results file: its exit code is the result
 */

/** @returns {Suite[]} the .NET test projects as they are found, then those of Node, then what runs alone */
export function allSuites() {
  const projects = readdirSync(inRepository('tests')).filter((name) => /^Chat\..+\.Tests$/.test(name));
  return [
    ...projects.map(dotnetSuite),
    nodeSuite('ops', 'scripts', inRepository('ops')),
    nodeSuite('graphql-clients', 'clients', inRepository('tests', 'graphql-clients')),
    {
      name: 'web',
      kind: 'web',
      folder: webClient,
      command: (results) => ['npm', ['test', '--', ...junitReporter(results)]],
    },
    { name: 'web-check', kind: 'web', folder: webClient, command: () => ['npm', ['run', 'check']], oneCheck: true },
    nodeSuite('bench', 'bench', inRepository('ops'), 'bench-tests'),
    {
      name: 'journeys',
      kind: 'journeys',
      folder: inRepository('tests', 'Chat.Journeys'),
      command: (results) => ['npm', ['test', '--', ...junitReporter(results)]],
    },
  ];
}

const junitReporter = (results) => ['--reporter=default', '--reporter=junit', `--outputFile.junit=${results}`];

function nodeSuite(name, kind, folder, tests = 'tests') {
  // Named one by one: what a folder means here differs between the versions of Node.
  const files = readdirSync(join(folder, tests)).map((file) => join(tests, file));
  const reporters = ['--test-reporter=spec', '--test-reporter-destination=stdout', '--test-reporter=junit'];
  const command = (results) => ['node', ['--test', ...reporters, `--test-reporter-destination=${results}`, ...files]];
  return { name, kind, folder, command };
}

/** Test projects are programs: started directly they are seconds faster than through `dotnet test`. */
function dotnetSuite(project) {
  const folder = inRepository('tests', project);
  const assembly = join(folder, 'bin', 'Release', 'net10.0', `${project}.dll`);
  const options = ['-noLogo', '-noColor', '-failSkips', '-longRunning', String(slowTestSeconds)];
  return {
    name: project.replace(/^Chat\.(.+)\.Tests$/, '$1').toLowerCase(),
    kind: 'dotnet',
    folder,
    command: (results) => ['dotnet', [assembly, ...options, '-jUnit', results]],
  };
}

/**
 * Runs one suite; its output goes to a log.
 * @param {Suite} suite
 * @param {{environment: Record<string, string>, signal: AbortSignal}} options
 * @returns {Promise<import('./results.mjs').Counts & {note: string, output: string, failures: string[]}>}
 */
export async function runSuite(suite, { environment, signal }) {
  const results = join(resultsFolder, `${suite.name}.xml`);
  rmSync(results, { force: true });
  const [command, args] = suite.command(results);
  const env = { ...process.env, ...environment, NO_COLOR: '1', CI: '1' };
  const { code, how, output } = await execute(command, args, { cwd: suite.folder, env, timeoutMs: suiteMs, signal });
  const endedWell = code === 0;
  if (suite.oneCheck)
    return { passed: endedWell ? 1 : 0, failed: endedWell ? 0 : 1, note: endedWell ? '' : how, output, failures: [] };
  const result = verdict(existsSync(results) ? junitCounts(results) : null, endedWell);
  return { ...result, note: result.note && `${result.note} (${how})`, output, failures: junitFailures(results) };
}
