import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const benchMs = 10 * 60_000;

const bench = (...args) =>
  new Promise((resolve) => {
    const command = join(root, 'ops', 'bench');
    execFile(command, ['graphql', ...args], { cwd: root, timeout: benchMs }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: `${stdout}\n${stderr}` }),
    );
  });

describe('the bench of the GraphQL server', () => {
  it('ops/bench graphql measures a row on all servers', { timeout: benchMs }, async () => {
    const { code, output } = await bench('tiny', '--quick');
    // 1: too slow for the target, which a busy machine may well be.
    assert.ok(code === 0 || code === 1, output);
    assert.match(output, /^\| tiny, us per request +\| <= 18 +(\| [\d.,]+ \([\d.,]+ to [\d.,]+\) *){7}\|/m, output);
    for (const server of ['ours', 'mercurius', 'yoga', 'node:http', 'floor'])
      assert.match(output, new RegExp(`^  ${server} +[\\d,]+ requests/s, p50 `, 'm'), output);
  });

  it('ops/bench graphql names its rows when one is not known', { timeout: benchMs }, async () => {
    const { code, output } = await bench('nonsense');
    assert.equal(code, 1, output);
    assert.match(output, /nonsense is not known\. Rows: full, plain, tiny, fan-out/, output);
  });
});
