import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { Failure } from './failure.mjs';

/**
 * Below the ports that systems give to outgoing connections: while a server is down its clients try to reach it, and
 * one of their own connections could take its port.
 */
const firstPort = 15_000;
const lastPort = 32_000;
const attemptsMax = 100;

/** Whether this program can listen there. */
function canListen(host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      // A machine without IPv6 cannot have the port in use there.
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(true);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether a server can listen on this port of localhost. @param {number} port */
export async function portIsFree(port) {
  return (await canListen('127.0.0.1', port)) && (await canListen('::1', port));
}

/** A port that nothing listens on at this moment. */
export async function freePort() {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const port = randomInt(firstPort, lastPort);
    if (await portIsFree(port)) return port;
  }
  throw new Failure(`No free port was found between ${firstPort} and ${lastPort}.`);
}
