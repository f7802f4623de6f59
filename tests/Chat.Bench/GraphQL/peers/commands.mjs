import { createInterface } from 'node:readline';
import { message } from './chat.mjs';

/**
 * Tells the bench where the server listens, then does what the bench says, a line at a time; the end of input ends the
 * process.
 */
export function serve(port, publish) {
  let published = 0;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const [command, count] = line.split(' ');
    if (command === 'publish') {
      for (let i = 0; i < Number(count); i++) publish(message(++published));
    } else if (command === 'memory') {
      globalThis.gc();
      globalThis.gc();
      console.log(`memory ${process.memoryUsage().heapUsed}`);
    }
  });
  lines.on('close', () => process.exit(0));
  console.log(`ready http://127.0.0.1:${port}`);
}
