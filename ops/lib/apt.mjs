import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './processes.mjs';

const installMs = 5 * 60_000;

/** Whether packages can be installed here without asking anyone. */
export const mayInstall = () => process.getuid() === 0 && existsSync('/usr/bin/apt-get');

/**
 * Installs Debian packages; the package lists are fetched only where they are missing or too old.
 * @param {string[]} packages
 * @param {{signal?: AbortSignal}} [options]
 */
export async function aptInstall(packages, { signal } = {}) {
  const options = { timeoutMs: installMs, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, signal };
  const install = () =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      ...options,
      what: `apt-get install ${packages.join(' ')}`,
    });
  try {
    await install();
  } catch {
    signal?.throwIfAborted();
    await run('apt-get', ['update'], { ...options, what: 'apt-get update' });
    await install();
  }
}

/** Whether the dynamic linker finds a library. @param {string} name such as libsodium */
export function libraryIsThere(name) {
  if (process.platform === 'darwin')
    return ['/opt/homebrew/lib', '/usr/local/lib'].some((folder) => existsSync(`${folder}/${name}.dylib`));
  const ldconfig = ['/sbin/ldconfig', '/usr/sbin/ldconfig'].find(existsSync) ?? 'ldconfig';
  return (spawnSync(ldconfig, ['-p'], { encoding: 'utf8' }).stdout ?? '').includes(`${name}.so`);
}
