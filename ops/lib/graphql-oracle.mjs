import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { filesIn, hashOf } from './build.mjs';
import { runMain } from './failure.mjs';
import { readIfThere, writeWhole } from './files.mjs';
import { inRepository, root } from './paths.mjs';
import { run } from './processes.mjs';

const buildMs = 10 * 60_000;
const folder = inRepository('artifacts', 'graphql-oracle');
const marker = inRepository('.cache', 'ops', 'graphql-oracle.built-from');

const sources = [inRepository('src', 'Chat.GraphQL'), inRepository('tests', 'Chat.GraphQL.Oracle')];
const settings = ['Directory.Build.props', 'Directory.Packages.props', 'global.json'].map((name) => inRepository(name));

/** Builds tests/Chat.GraphQL.Oracle, where one of its files changed since the last time. */
await runMain(async () => {
  const hash = hashOf([...sources.flatMap(filesIn), ...settings]);
  if (existsSync(folder) && readIfThere(marker) === hash) return 0;
  console.error('Building the oracle…');
  rmSync(marker, { force: true });
  const args = ['publish', 'tests/Chat.GraphQL.Oracle', '-c', 'Release', '-o', folder, '-nologo', '-nodeReuse:false'];
  await run('dotnet', args, { cwd: root, timeoutMs: buildMs, what: 'dotnet publish' });
  mkdirSync(inRepository('.cache', 'ops'), { recursive: true });
  writeWhole(marker, hash);
  return 0;
});
