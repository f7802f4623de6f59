import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { readIfThere, writeWhole } from './files.mjs';
import { isRunning, note, stopProcess } from './processes.mjs';

const attemptsMax = 5;
const leftoverSteps = [
  ['SIGTERM', 15_000],
  ['SIGKILL', 5_000],
];

/**
 * One start per data folder. The file names the script and, once started, its server: after kill -9 of the script the
 * next start finds the server that was left behind.
 */
export class RunLock {
  #path;
  #facts;

  constructor(path, facts) {
    this.#path = path;
    this.#facts = facts;
  }

  /**
   * @param {string} path
   * @param {string} url shown to whoever starts a second time
   * @throws {Failure} when another start holds it
   */
  static async take(path, url) {
    const facts = { script: note(process.pid), url };
    const mine = `${path}.${process.pid}`;
    try {
      writeFileSync(mine, JSON.stringify(facts));
      for (let attempt = 1; attempt <= attemptsMax; attempt++) {
        if (tryLink(mine, path)) return new RunLock(path, facts);
        await clearStale(path);
      }
    } finally {
      rmSync(mine, { force: true });
    }
    throw new Failure(`Another start is under way: ${path} changes all the time.`);
  }

  /** Notes the server down. @param {{pid: number, started: string}} server */
  noteServer(server) {
    this.#facts.server = server;
    writeWhole(this.#path, JSON.stringify(this.#facts));
  }

  release() {
    rmSync(this.#path, { force: true });
  }
}

/** A link is made whole or not at all, so of two starts at the same moment one wins. */
function tryLink(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function clearStale(path) {
  const text = readIfThere(path);
  if (text === null) return;
  const { script, server, url } = JSON.parse(text);
  if (isRunning(script)) throw new Failure(`The chat server runs already: ${url} (process ${script.pid}).`);
  if (server && isRunning(server)) {
    console.log(`  An earlier start was killed and left its server (process ${server.pid}); it is stopped.`);
    await stopProcess(server, leftoverSteps);
  }
  // Only the file that was looked at goes away: another start may just have put its own there.
  const aside = `${path}.stale.${process.pid}`;
  renameSync(path, aside);
  if (readIfThere(aside) !== text) tryLink(aside, path);
  rmSync(aside);
}
