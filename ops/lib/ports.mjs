import { createServer } from 'node:net';

/** Tries to listen; answers the port, or null when it is taken. */
function tryListen(host, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      // A machine without IPv6 cannot have the port in use there.
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(port);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const taken = server.address().port;
      server.close(() => resolve(taken));
    });
  });
}

/** A port that nothing listens on at this moment. */
export const freePort = () => tryListen('127.0.0.1', 0);

/** Whether a server can listen on this port of localhost. @param {number} port */
export async function portIsFree(port) {
  return (await tryListen('127.0.0.1', port)) !== null && (await tryListen('::1', port)) !== null;
}
