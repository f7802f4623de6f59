const repaintMs = 1000;
/** Without a terminal a long step says that it still runs, so that a log shows life. */
const reminderMs = 15000;

/** @param {number} since as of performance.now() */
export const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/**
 * Shows one step while it runs: what it does and for how long.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @param {{alone?: boolean}} [options] alone: no other step runs meanwhile, so its line may be painted over
 * @returns {Promise<T>}
 */
export async function step(what, work, { alone = true } = {}) {
  const out = process.stdout;
  const started = performance.now();
  const terminal = out.isTTY && alone;
  const show = (mark, end) => out.write(`${terminal ? '\r\x1b[K' : ''}${mark} ${what}  ${seconds(started)}${end}`);
  if (terminal) show('…', '');
  const timer = setInterval(() => show('…', terminal ? '' : '\n'), terminal ? repaintMs : reminderMs);
  try {
    const result = await work();
    show('✓', result?.skipped ? `  (${result.skipped})\n` : '\n');
    return result;
  } catch (error) {
    show('✗', '\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
