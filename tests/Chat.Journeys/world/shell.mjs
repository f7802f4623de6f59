import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { until } from './wait.mjs';

/** A bash into which commands are typed; whatever they set is there for the next ones. */
export class Shell {
  output = '';
  #bash;
  #ended = false;

  /** @param {Record<string, string>} environment */
  constructor(environment) {
    // A process group of its own: what runs in the background ends with it.
    this.#bash = spawn('bash', ['--norc'], { env: { ...process.env, ...environment }, detached: true });
    for (const stream of [this.#bash.stdout, this.#bash.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (this.output += chunk));
    this.#bash.on('exit', () => (this.#ended = true));
  }

  /** Returns when the commands have ended. @param {string} commands */
  async run(commands) {
    const mark = randomUUID();
    this.#bash.stdin.write(`${commands}\necho ${mark}\n`);
    await until(`the end of\n${commands}`, () => this.#ended || this.output.includes(mark), 60_000);
    if (this.#ended) throw new Error(`bash ended:\n${this.output}`);
  }

  close() {
    try {
      process.kill(-this.#bash.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}
