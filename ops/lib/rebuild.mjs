import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { publishServer } from './build.mjs';
import { Failure, runMain } from './failure.mjs';
import { inRepository, serverFolder } from './paths.mjs';
import { runningPort } from './postgres.mjs';
import { step } from './progress.mjs';
import { secretsAt } from './secrets.mjs';

const help = `Rebuilds read models from the log, beside the running server: readers notice nothing.

  ops/rebuild [options] [projection ...]      all of them where none is named

  --data FOLDER      the data folder of ops/run, which has to be running (.data in this repository)  CHAT_DATA
  --help             shows this

With CHAT__DATABASE and CHAT__MASTERKEY in the environment, as the server has them, it works on that database.
`;

function commandLineOptions() {
  try {
    const definitions = { data: { type: 'string' }, help: { type: 'boolean', default: false } };
    return parseArgs({ options: definitions, allowPositionals: true });
  } catch (error) {
    throw new Failure(`${error.message.split('. ')[0]}. ops/rebuild --help shows the options.`);
  }
}

/** The settings with which the server of a data folder reaches and reads its database. */
function settingsOf(data) {
  const port = runningPort(join(data, 'postgres'));
  if (port === null)
    throw new Failure(`No database runs in ${data}: start ops/run first, or set CHAT__DATABASE.`);
  const secrets = secretsAt(join(data, 'secrets.json'), true);
  return {
    CHAT__DATABASE:
      `Host=127.0.0.1;Port=${port};Username=chat;Password=${secrets.serverPassword};Database=chat;SSL Mode=Disable`,
    CHAT__MASTERKEY: process.env.CHAT__MASTERKEY || secrets.masterKey,
  };
}

await runMain(async () => {
  const { values, positionals } = commandLineOptions();
  if (values.help) {
    console.log(help);
    return 0;
  }
  const data = resolve(values.data || process.env.CHAT_DATA || inRepository('.data'));
  const settings = process.env.CHAT__DATABASE ? {} : settingsOf(data);
  await step('Building the server', () => publishServer());
  const child = spawn('dotnet', [join(serverFolder, 'Chat.Api.dll'), 'rebuild', ...positionals], {
    env: { ...process.env, ...settings },
    stdio: 'inherit',
  });
  // Ctrl-C reaches the rebuild by itself; this script waits for its end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
  return await new Promise((done, failed) => {
    child.on('error', (error) => failed(new Failure(`The server's program did not start: ${error.message}`)));
    child.on('exit', (code) => done(code ?? 1));
  });
});
