import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { publishServer } from './build.mjs';
import { Failure, runMain } from './failure.mjs';
import { inRepository } from './paths.mjs';
import { freePort } from './ports.mjs';
import { waitUntil } from './processes.mjs';
import { ChatServer } from './server.mjs';

const startMs = 30_000;
const target = inRepository('src', 'chat-web', 'schema.graphql');

await runMain(async () => {
  await publishServer();
  // The schema is served without a database: nothing listens on port 1.
  const server = new ChatServer(await freePort(), {
    CHAT__DATABASE: 'Host=127.0.0.1;Port=1;Username=nobody;Database=none',
    CHAT__MASTERKEY: randomBytes(32).toString('base64'),
  }, { stdio: 'ignore' });
  try {
    if (!(await waitUntil(() => server.answers('/health/live'), startMs))) throw new Failure('The server did not start.');
    const response = await fetch(`${server.url}/graphql/schema.graphql`);
    if (!response.ok) throw new Failure(`The server answered ${response.status}.`);
    await writeFile(target, await response.text());
    console.log(`Wrote ${target}`);
    return 0;
  } finally {
    await server.stop();
  }
});
