import { createServer, request as forward } from 'node:http';

/**
 * Stands before a server and keeps what is asked and answered, so that programs need not be changed to be watched.
 */
export class RecordingProxy {
  /** @type {{sent: string, answer: string, contentType: string}[]} in the order in which answers began */
  exchanges = [];
  #target;
  #server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));

  /** @param {string} target */
  constructor(target) {
    this.#target = new URL(target);
  }

  get url() {
    return `http://localhost:${this.#server.address().port}`;
  }

  start() {
    return new Promise((resolve) => this.#server.listen(0, 'localhost', resolve));
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(incoming, outgoing) {
    let sent = '';
    incoming.setEncoding('utf8').on('data', (chunk) => (sent += chunk));
    const { hostname, port } = this.#target;
    const { method, url: path, headers } = incoming;
    const onward = forward({ hostname, port, method, path, headers }, (answered) => {
      const exchange = { sent, answer: '', contentType: answered.headers['content-type'] ?? '' };
      this.exchanges.push(exchange);
      outgoing.writeHead(answered.statusCode, answered.headers);
      answered.setEncoding('utf8').on('data', (chunk) => {
        exchange.answer += chunk;
        outgoing.write(chunk);
      });
      answered.on('end', () => outgoing.end());
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
