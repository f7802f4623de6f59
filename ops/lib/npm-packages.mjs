import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './processes.mjs';

const installMs = 10 * 60_000;

/** What the installed packages depend on. */
function wanted(folder) {
  const hash = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(folder, name)));
  return hash.update(`${process.platform} ${process.arch} ${process.versions.modules}`).digest('hex');
}

/**
 * `npm ci` in a folder, where its lock file changed since the last time.
 * @param {string} folder
 * @param {{signal?: AbortSignal}} [options]
 */
export async function installPackages(folder, { signal } = {}) {
  // Inside node_modules, so that it goes away together with what it vouches for.
  const marker = join(folder, 'node_modules', '.installed-from');
  const hash = wanted(folder);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return { skipped: 'unchanged' };
  const npm = (...args) =>
    run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      timeoutMs: installMs,
      what: `npm ${args.join(' ')} in ${folder}`,
      signal,
    });
  try {
    await npm('ci');
  } catch (error) {
    // A lock file written behind a registry mirror can lack the packages of other platforms. `npm ci` refuses it as a
    // whole; `npm install` takes the locked versions all the same. Anything else that is wrong fails there again.
    if (!error.message.includes('EUSAGE')) throw error;
    await npm('install', '--no-save');
  }
  mkdirSync(dirname(marker), { recursive: true });
  writeFileSync(marker, hash);
  return {};
}
