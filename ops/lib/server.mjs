import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { serverFolder } from './paths.mjs';
import { note, stopProcess, waitUntil } from './processes.mjs';

const probeMs = 2_000;
const stopSteps = [
  ['SIGTERM', 30_000],
  ['SIGKILL', 5_000],
];

// .NET manages the server's memory; what the C library keeps back for each of its threads only makes sockets larger.
const allocator = { MALLOC_ARENA_MAX: '1' };

/** One running chat server, in a process group of its own so that Ctrl-C reaches only the script. */
export class ChatServer {
  /** @type {Promise<string>} how the server ended, once it has */
  exited;
  #ended = null;

  /**
   * @param {number} port
   * @param {Record<string, string>} settings its environment beside the script's own
   * @param {{stdio: import('node:child_process').StdioOptions}} options where its log goes
   */
  constructor(port, settings, { stdio }) {
    this.url = `http://localhost:${port}`;
    this.child = spawn('dotnet', [join(serverFolder, 'Chat.Api.dll')], {
      cwd: serverFolder,
      env: { CHAT__PUBLICURL: this.url, ...allocator, ...process.env, ASPNETCORE_URLS: this.url, ...settings },
      detached: true,
      stdio,
    });
    this.exited = new Promise((resolve) => {
      const end = (how) => resolve((this.#ended = how));
      this.child.on('error', (error) => end(error.message));
      this.child.on('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    });
    this.process = note(this.child.pid ?? 0);
  }

  /** Whether it answers this path with success now. @param {string} path */
  async answers(path) {
    try {
      const response = await fetch(this.url + path, { signal: AbortSignal.timeout(probeMs) });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      return false;
    }
  }

  /**
   * Waits until the server is ready. A rebuild of its read models takes as long as it takes.
   * @param {number} milliseconds
   * @param {AbortSignal} [signal]
   */
  async ready(milliseconds, signal) {
    let good = false;
    const over = async () => this.#ended !== null || signal?.aborted || (good = await this.answers('/health/ready'));
    do await waitUntil(over, milliseconds);
    while (!good && this.#ended === null && !signal?.aborted && (await this.#isRebuilding()));
    if (signal?.aborted) throw new Failure('The start was stopped.');
    if (this.#ended !== null)
      throw new Failure(`The server ended while it started (${this.#ended}); its log says why.`);
    if (!good)
      throw new Failure(`The server was not ready after ${milliseconds / 1000} s; its log says what it waits for.`);
  }

  async #isRebuilding() {
    try {
      const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(probeMs) });
      return (await response.json()).problem?.includes('rebuilding') ?? false;
    } catch {
      return false;
    }
  }

  /** Stops it in order: it finishes the requests that it has. */
  stop() {
    return stopProcess(this.process, stopSteps);
  }

  /** Ends it as a power cut would. */
  kill() {
    return stopProcess(this.process, [['SIGKILL', 5_000]]);
  }
}
