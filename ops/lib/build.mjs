import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readIfThere, writeWhole } from './files.mjs';
import { installPackages } from './npm-packages.mjs';
import { inRepository, root, serverFolder } from './paths.mjs';
import { run } from './processes.mjs';

const buildMs = 10 * 60_000;

/** What npm builds for the browser; everything that it is made of lies in its folder. */
export const webClient = inRepository('src', 'chat-web');
export const graphiql = inRepository('src', 'Chat.GraphQL', 'Ide');

const notInputs = new Set(['node_modules', 'dist', 'coverage', '.svelte-kit', 'test-results']);

/** The files of a folder; in a git checkout without what git ignores (generated code, for one). */
export function filesIn(folder) {
  const git = spawnSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: folder, encoding: 'utf8' });
  const names = git.status === 0 ? git.stdout.split('\0').filter(Boolean) : readdirSync(folder, { recursive: true });
  return names
    .filter((name) => !name.split('/').some((part) => notInputs.has(part)))
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile())
    .sort();
}

export function hashOf(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) hash.update(`\0${path.slice(root.length)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}

/**
 * Builds an npm project into its dist folder, where one of its files changed since the last time.
 * @param {string} folder
 * @param {{signal?: AbortSignal}} [options]
 */
export async function npmBuild(folder, { signal } = {}) {
  const marker = inRepository('.cache', 'ops', `${basename(folder)}.built-from`);
  const hash = hashOf(filesIn(folder));
  if (existsSync(join(folder, 'dist', 'index.html')) && readIfThere(marker) === hash) return { skipped: 'unchanged' };
  await installPackages(folder, { signal });
  rmSync(marker, { force: true });
  await run('npm', ['run', 'build'], { cwd: folder, timeoutMs: buildMs, what: `npm run build in ${folder}`, signal });
  mkdirSync(inRepository('.cache', 'ops'), { recursive: true });
  writeWhole(marker, hash);
  return {};
}

/**
 * Publishes the server, with the two npm projects' output in it, to artifacts/server.
 * @param {{signal?: AbortSignal, built?: boolean}} [options] built: the solution was built before, in Release
 */
export async function publishServer({ signal, built = false } = {}) {
  // Into a new folder that then takes the old one's place: files of a running server are never overwritten, and
  // nothing of an older build stays.
  const next = `${serverFolder}.next`;
  const old = `${serverFolder}.old`;
  for (const folder of [next, old]) rmSync(folder, { recursive: true, force: true });
  const args = ['publish', 'src/Chat.Api', '-c', 'Release', '-o', next, '-nologo', '-nodeReuse:false'];
  if (built) args.push('--no-build');
  await run('dotnet', args, { cwd: root, timeoutMs: buildMs, what: 'dotnet publish', signal });
  if (existsSync(serverFolder)) renameSync(serverFolder, old);
  renameSync(next, serverFolder);
  rmSync(old, { recursive: true, force: true });
}
