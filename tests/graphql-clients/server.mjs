import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const startMs = 60_000;
const posting = 'mutation ($text: String!) { post(text: $text) { position } }';

/** How the server was built; ops/test builds Release. */
const configuration = process.env.CHAT_TEST_CONFIGURATION ?? 'Release';
const assembly = fileURLToPath(
  new URL(
    `../Chat.GraphQL.TestServer/bin/${configuration}/net10.0/Chat.GraphQL.TestServer.dll`,
    import.meta.url,
  ),
);

/** The test server as a process of its own, which clients meet through the network only. */
export class Server {
  #process;
  #port = 0;

  /** @returns {Promise<Server>} a server that answers */
  static async start() {
    const server = new Server();
    await server.start();
    return server;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}/graphql`;
  }

  get socketUrl() {
    return `ws://127.0.0.1:${this.#port}/graphql`;
  }

  /** Starts it; again on the port it had, where it ran before. */
  async start() {
    this.#process = spawn('dotnet', [assembly, String(this.#port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.#process.stdout });
    const [address] = await once(lines, 'line', { signal: AbortSignal.timeout(startMs), close: ['error'] });
    this.#port = Number(new URL(address).port);
  }

  /** As when the machine fails: nobody is told. */
  async kill() {
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  /** Asks it to end, and waits until it has. */
  async stop() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin.end();
    await exited;
  }

  /** Posts a message without any client. */
  async post(text) {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: posting, variables: { text } }),
    });
    return (await response.json()).data.post.position;
  }
}
