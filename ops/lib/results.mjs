import { readIfThere } from './files.mjs';

/** @typedef {{passed: number, failed: number}} Counts */

const attribute = (tag, name) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);

/**
 * Counts the tests of a JUnit file, as xunit and vitest write it. A skipped test counts as failed: here nothing is
 * skipped because something is missing.
 * @param {string} path
 * @returns {Counts | null} null where there is no complete file
 */
export function junitCounts(path) {
  const text = readIfThere(path);
  if (text === null || !/<\/testsuites>\s*$|<testsuites[^>]*\/>\s*$/.test(text)) return null;
  let tests = 0;
  let failed = 0;
  for (const [tag] of text.matchAll(/<testsuite\s(?:[^>"]|"[^"]*")*>/g)) {
    tests += attribute(tag, 'tests');
    for (const name of ['failures', 'errors', 'skipped', 'disabled']) failed += attribute(tag, name);
  }
  return { passed: tests - failed, failed };
}

/**
 * What a suite's end means. A suite that crashed or ran nothing has one failure more than its file says.
 * @param {Counts | null} counts
 * @param {boolean} endedWell its exit code was 0
 * @returns {Counts & {note: string}}
 */
export function verdict(counts, endedWell) {
  if (counts === null) return { passed: 0, failed: 1, note: 'crashed: it left no results' };
  if (counts.passed + counts.failed === 0) return { passed: 0, failed: 1, note: 'ran no test' };
  if (!endedWell && counts.failed === 0) return { ...counts, failed: 1, note: 'ended with an error after its tests' };
  return { ...counts, note: '' };
}
