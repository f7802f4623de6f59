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
    execFile(command, ['chat', ...args], { cwd: root, timeout: benchMs }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: `${stdout}\n${stderr}` }),
    );
  });

describe('the bench of the chat server', () => {
  it('ops/bench chat delivers everything once and in order', { timeout: benchMs }, async () => {
    const { code, output } = await bench('saturation', '--quick', '--ours');
    // Without a server to compare with only completeness is required.
    assert.equal(code, 0, output);
    assert.match(output, /^\| saturation: deliveries +\| [\d,]+ .*\| none lost, in order +\| yes +\|$/m, output);
    assert.match(output, /lost 0, doubled or out of order 0, failed 0$/m, output);
    const [, rate] = /^ +ours +([\d,]+) deliveries\/s;/m.exec(output);
    assert.ok(Number(rate.replaceAll(',', '')) > 0, output);
  });

  it('ops/bench chat names its rows when one is not known', { timeout: benchMs }, async () => {
    const { code, output } = await bench('nonsense', '--ours');
    assert.equal(code, 1, output);
    assert.match(output, /nonsense is not known\. Rows: idle, steady, saturation, open-room, catch-up/, output);
  });
});
