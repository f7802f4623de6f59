import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const columnsMax = 120;
const linesMax = 400;
const componentLinesMax = 200;

// Lexers, parsers and tables may be longer: each is named here.
const longFiles = [];

// A file that is deleted but not yet committed is still listed.
const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path && existsSync(join(root, path)));

const inCode = (path) => /^(src|tests)\//.test(path);
const isCSharp = (path) => inCode(path) && path.endsWith('.cs');
const isSource = (path) => path.startsWith('src/') && /\.(cs|css|graphql|html|mjs|sql|svelte|tsx?)$/.test(path);

const linesOf = (path) => readFileSync(join(root, path), 'utf8').replace(/\n$/, '').split('\n');

function wideLines(path, lines) {
  // As an editor counts them: a surrogate pair is one column.
  return lines.flatMap((line, i) => {
    const columns = [...line].length;
    return columns > columnsMax ? [`${path}:${i + 1}: ${columns} columns`] : [];
  });
}

function tooLong(path, lines, max) {
  return lines.length > max ? [`${path}:${max + 1}: ${lines.length} lines`] : [];
}

function matches(path, lines, pattern) {
  return lines.flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : []));
}

function check(applies, violationsOf) {
  const checked = files.filter(applies);
  assert.ok(checked.length > 0, 'no file is checked');
  const violations = checked.flatMap((path) => violationsOf(path, linesOf(path)));
  assert.equal(violations.length, 0, `\n${violations.join('\n')}`);
}

describe('the limits of style', () => {
  it(`C# has at most ${columnsMax} columns`, () => check(isCSharp, wideLines));

  it(`a C# file has at most ${linesMax} lines`, () =>
    check(
      (path) => isCSharp(path) && !longFiles.includes(path),
      (path, lines) => tooLong(path, lines, linesMax),
    ));

  it(`a Svelte component has at most ${componentLinesMax} lines`, () =>
    check(
      (path) => path.endsWith('.svelte'),
      (path, lines) => tooLong(path, lines, componentLinesMax),
    ));

  it(`a TypeScript or mjs file has at most ${linesMax} lines`, () =>
    check(
      (path) => /\.(mjs|tsx?)$/.test(path) && !longFiles.includes(path),
      (path, lines) => tooLong(path, lines, linesMax),
    ));

  it('nothing in src is left to do', () =>
    check(isSource, (path, lines) => matches(path, lines, /\b(TODO|FIXME|HACK)\b/)));

  it('nothing in src sleeps on a thread', () =>
    check(isCSharp, (path, lines) => (path.startsWith('src/') ? matches(path, lines, /\bThread\.Sleep\b/) : [])));

  it('every exception names a file or folder that exists', () =>
    assert.deepEqual(
      longFiles.filter((path) => !files.some((file) => file.startsWith(path))),
      [],
    ));
});

describe('the check of style', () => {
  it('finds a wide line', () =>
    assert.deepEqual(wideLines('a.cs', ['x'.repeat(120), 'x'.repeat(121)]), ['a.cs:2: 121 columns']));
  it('counts an emoji as one column', () => assert.deepEqual(wideLines('a.cs', ['😀'.repeat(120)]), []));
  it('finds a long file', () => assert.deepEqual(tooLong('a.cs', ['', '', ''], 2), ['a.cs:3: 3 lines']));
  it('finds a word', () => assert.deepEqual(matches('a.cs', ['', ' // HACK'], /HACK/), ['a.cs:2: // HACK']));
});
