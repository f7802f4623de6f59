import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from './failure.mjs';

const pollMs = 50;
/** How much of a failed command's output is shown. */
const firstLinesShown = 12;
const lastLinesShown = 40;

/** Reads one field of `ps`, which Linux and macOS have; a process that is gone gives ''. */
function ps(pid, field) {
  try {
    return execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return '';
  }
}

/**
 * A process's start time as an opaque text: with its pid it names one process, also after the pid is used again.
 * '' where there is none. A zombie counts as gone.
 * @param {number} pid
 */
export function startTime(pid) {
  if (!existsSync('/proc/self/stat')) return ps(pid, 'stat').startsWith('Z') ? '' : ps(pid, 'lstart');
  try {
    // The second field is the name in parentheses and may hold anything, so fields are counted from the last ')'.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? '' : fields[19];
  } catch {
    return '';
  }
}

/** The command line of a process, '' where there is none. @param {number} pid */
export function commandLine(pid) {
  if (!existsSync('/proc/self/stat')) return ps(pid, 'command');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Whether exactly the process that was noted down still runs. @param {{pid: number, started: string}} noted */
export const isRunning = (noted) => noted.started !== '' && startTime(noted.pid) === noted.started;

/** What to note down about a process to find it again. @param {number} pid */
export const note = (pid) => ({ pid, started: startTime(pid) });

/**
 * Waits until `condition` holds.
 * @param {() => boolean | Promise<boolean>} condition
 * @param {number} milliseconds the longest wait
 * @returns {Promise<boolean>} whether it came to hold
 */
export async function waitUntil(condition, milliseconds) {
  const end = performance.now() + milliseconds;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await delay(pollMs);
  }
  return true;
}

/**
 * Sends signals, the next one when the one before did not end the process in its time.
 * @param {{pid: number, started: string}} noted
 * @param {[NodeJS.Signals, number][]} steps signal and milliseconds to wait after it
 */
export async function stopProcess(noted, steps) {
  for (const [signal, milliseconds] of steps) {
    if (!isRunning(noted)) return;
    try {
      process.kill(noted.pid, signal);
    } catch (error) {
      if (error.code === 'ESRCH') return;
      throw new Failure(`Process ${noted.pid} could not be stopped (${error.code}); it belongs to another user.`);
    }
    if (await waitUntil(() => !isRunning(noted), milliseconds)) return;
  }
  throw new Failure(`Process ${noted.pid} did not stop.`);
}

/** How long the output of a command that has ended is waited for: build servers that stay behind keep the pipe open. */
const lastOutputMs = 500;
const abortMs = 5_000;

/** Signals a child together with its own children. */
function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Runs a command to its end, in a process group of its own.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions
 *   & {timeoutMs: number, input?: string, onOutput?: (text: string) => void}} options
 * @returns {Promise<{code: number | null, how: string, output: string}>} how it ended, and both streams of its output
 */
export function execute(command, args, { timeoutMs, signal: abort, input, onOutput, ...options }) {
  return new Promise((resolve) => {
    const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
    const child = spawn(command, args, { ...options, stdio, detached: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
        onOutput?.(text);
      });
    child.stdin?.on('error', () => {}).end(input); // A command may end without reading all of its input.

    let why = null;
    const timers = [];
    const end = (reason, firstSignal) => {
      why ??= reason;
      killGroup(child, firstSignal);
      timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), abortMs));
    };
    const onAbort = () => end('was stopped', 'SIGTERM');
    timers.push(setTimeout(() => end(`took longer than ${timeoutMs / 1000} s`, 'SIGKILL'), timeoutMs));
    const finish = (code, how) => {
      timers.forEach(clearTimeout);
      abort?.removeEventListener('abort', onAbort);
      resolve({ code: why === null ? code : null, how: why ?? how, output });
    };

    child.on('error', (error) => finish(null, `could not be started (${error.message})`));
    child.on('exit', (code, signal) => {
      const late = setTimeout(finish, lastOutputMs, code, `ended with ${signal ?? `exit code ${code}`}`);
      child.on('close', () => {
        clearTimeout(late);
        finish(code, `ended with ${signal ?? `exit code ${code}`}`);
      });
    });
    if (abort?.aborted) onAbort();
    else abort?.addEventListener('abort', onAbort, { once: true });
  });
}

/**
 * The beginning and the end of an output, for a message: npm says why at the beginning, most others at the end.
 * @param {string} output
 */
export function excerpt(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= firstLinesShown + lastLinesShown) return lines.join('\n');
  return [...lines.slice(0, firstLinesShown), '…', ...lines.slice(-lastLinesShown)].join('\n');
}

/**
 * Runs a command that has to succeed.
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof execute>[2] & {what: string}} options what: its name in the message of a failure
 * @returns {Promise<string>} its output
 * @throws {Failure} with the end of its output
 */
export async function run(command, args, { what, ...options }) {
  const { code, how, output } = await execute(command, args, options);
  if (code === 0) return output;
  throw new Failure(`${what} ${how}:\n\n${excerpt(output)}\n\n  Command: ${[command, ...args].join(' ')}`);
}
