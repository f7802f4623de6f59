import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { junitCounts, junitFailures, verdict } from '../lib/results.mjs';

describe('results of a suite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'chat-results-'));
  after(() => rmSync(folder, { recursive: true }));
  const counts = (text) => {
    const path = join(folder, 'results.xml');
    writeFileSync(path, text);
    return junitCounts(path);
  };

  it('sums the suites of a file, also with > in a name', () => {
    const text =
      '<testsuites><testsuite name="a > b" tests="3" failures="1"></testsuite><testsuite tests="2" errors="1"/></testsuites>';
    assert.deepEqual(counts(text), { passed: 3, failed: 2 });
  });
  it('counts a skipped test as failed', () =>
    assert.deepEqual(counts('<testsuites><testsuite tests="3" skipped="2"/></testsuites>\n'), {
      passed: 1,
      failed: 2,
    }));
  it('takes a file that breaks off for none', () => assert.equal(counts('<testsuites><testsuite tests="3"'), null));
  it('takes a missing file for none', () => assert.equal(junitCounts(join(folder, 'none.xml')), null));

  it('tells which tests failed, and what they said', () => {
    const path = join(folder, 'failures.xml');
    const failure = '<failure type="x" message="1 &lt; 2">at &quot;a.cs&quot;\nline 2</failure>';
    const cases = [
      '<testcase name="good" time="1" />',
      '<testcase name="good > too"><system-out>failure</system-out></testcase>',
      `<testcase classname="C" name="bad > one">${failure}</testcase>`,
      '<testcase name="left out"><skipped message="why"/></testcase>',
    ];
    writeFileSync(path, `<testsuites><testsuite>${cases.join('\n')}</testsuite></testsuites>`);
    assert.deepEqual(junitFailures(path), ['✗ bad > one\n1 < 2\nat "a.cs"\nline 2', '✗ left out\nwhy\n']);
  });
  it('names no failures where there is no file', () =>
    assert.deepEqual(junitFailures(join(folder, 'none.xml')), []));

  it('fails a suite without results', () => assert.equal(verdict(null, true).failed, 1));
  it('fails a suite without tests', () => assert.equal(verdict({ passed: 0, failed: 0 }, true).failed, 1));
  it('fails a suite that ended badly after good tests', () =>
    assert.equal(verdict({ passed: 5, failed: 0 }, false).failed, 1));
  it('passes the rest', () =>
    assert.deepEqual(verdict({ passed: 5, failed: 0 }, true), { passed: 5, failed: 0, note: '' }));
});
