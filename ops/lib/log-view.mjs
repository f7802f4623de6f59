import { createInterface } from 'node:readline';

const colours = { Warning: '\x1b[33m', Error: '\x1b[31m', Critical: '\x1b[31m' };
const plain = '\x1b[0m';

/** A line of the server's structured log as a person reads it; other lines stay as they are. @param {string} line */
export function readable(line) {
  let entry;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof entry?.Message !== 'string' || typeof entry.Timestamp !== 'string') return line;
  const time = new Date(entry.Timestamp).toLocaleTimeString('en-GB');
  const level = entry.LogLevel === 'Information' ? '' : `${entry.LogLevel}: `;
  const exception = entry.Exception ? `\n${entry.Exception}` : '';
  return `${colours[entry.LogLevel] ?? ''}${time} ${level}${entry.Message}${exception}${plain}`;
}

/**
 * Shows a server's output: to a person as sentences, to a program (a pipe, a service's journal) as it is.
 * @param {import('node:child_process').ChildProcess} child
 */
export function showLog(child) {
  if (process.stdout.isTTY) {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => process.stdout.write(`${readable(line)}\n`));
    return;
  }
  for (const name of ['stdout', 'stderr']) {
    child[name].pipe(process[name], { end: false });
    // When the reader of our output is gone the log is dropped: a full pipe would bring the server to a halt.
    process[name].on('error', () => child[name].resume());
  }
}
