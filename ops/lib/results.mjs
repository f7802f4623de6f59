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

const mostFailuresShown = 20;
const mostCharactersShown = 3_000;
const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const unescaped = (text) =>
  text
    .replaceAll(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, decimal) =>
      String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (_, name) => entities[name]);

/**
 * The names of the tests that failed, each with what it said: a long log does not show them at its ends.
 * @param {string} path a JUnit file
 * @returns {string[]}
 */
export function junitFailures(path) {
  const failures = [];
  const cases = /<testcase\s((?:[^>"]|"[^"]*")*)(?<!\/)>([\s\S]*?)<\/testcase>/g;
  for (const [, attributes, content] of (readIfThere(path) ?? '').matchAll(cases)) {
    const failure = /<(?:failure|error|skipped)\b((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/)/.exec(content);
    if (failure === null) continue;
    const name = /(?:^|\s)name="([^"]*)"/.exec(attributes)?.[1] ?? '';
    const message = /(?:^|\s)message="([^"]*)"/.exec(failure[1])?.[1] ?? '';
    const details = (failure[2] ?? '').replace(/^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/, '$1').trim();
    failures.push(unescaped(`✗ ${name}\n${message}\n${details}`).slice(0, mostCharactersShown));
  }
  return failures.slice(0, mostFailuresShown);
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
