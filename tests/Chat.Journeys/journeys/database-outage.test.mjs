import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestDatabase } from '../../../ops/lib/test-database.mjs';
import { ApiClient } from '../world/api-client.mjs';
import { openBrowser, pictureFailures } from '../world/browser.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { Person } from '../world/person.mjs';
import { until } from '../world/wait.mjs';

const recoveryMs = 30_000;
/** Shorter than in production: the outage is waited out here. */
const settings = { CHAT__COMMANDDEADLINE: '00:00:03' };

describe('a database that goes away', () => {
  // Its own: the other suites need theirs.
  const database = new TestDatabase();
  /** @type {ChatSite} */ let site;
  /** @type {Person} */ let ada;
  /** @type {ApiClient} */ let bot;
  let browser;
  let roomId;
  const repeated = randomUUID();

  beforeAll(async () => {
    await database.start();
    [site, browser] = await Promise.all([
      ChatSite.open('database-outage', database.connectionString, settings),
      openBrowser(),
    ]);
    ada = await Person.arrive(browser, site);
    await ada.register({ name: 'Ada', email: 'ada@example.org', password: 'a long enough pass phrase' });
    await ada.createRoom('Harbour', 'Ships come and go');
    roomId = new URL(ada.page.url()).pathname.split('/').at(-1);
    bot = new ApiClient(site);
    await bot.enterAsGuest('Pilot');
    await bot.joinRoom(roomId);
    await ada.post('All is well.');
  });
  pictureFailures(() => [ada]);
  afterAll(async () => {
    await browser?.close();
    await site?.server.stop();
    await database.remove();
  });

  it('makes commands answer UNAVAILABLE, as data', async () => {
    await database.stop();
    await expect(bot.postMessage(roomId, 'Anybody there?', repeated)).rejects.toThrow(/UNAVAILABLE/);
  });

  it('makes queries answer UNAVAILABLE, as an error', async () => {
    const { errors } = await bot.answer('query($id: UUID!) { room(id: $id) { name } }', { id: roomId });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE']);
  });

  it('takes the server out of service, but leaves it alive', async () => {
    expect(await site.server.answers('/health/ready')).toBe(false);
    expect(await site.server.answers('/health/live')).toBe(true);
  });

  it('keeps what is written meanwhile, and goes on by itself', async () => {
    await ada.say('Written in the dark.');
    await ada.page.getByText('Waiting for the server').waitFor();
    await ada.screenshot('database-away');
    await database.start({ port: database.port });
    await until('the server is ready again', () => site.server.answers('/health/ready'), recoveryMs);
    await ada.page.getByText('Waiting for the server').waitFor({ state: 'detached', timeout: recoveryMs });
    await ada.sees('Written in the dark.');
  });

  it('takes the refused command when it comes again, once', async () => {
    // UNAVAILABLE means that nobody knows: the first attempt may or may not have been written.
    await bot.postMessage(roomId, 'Anybody there?', repeated);
    await ada.sees('Anybody there?');
    for (const look of ['live', 'after a reload']) {
      if (look !== 'live') await ada.page.reload();
      await ada.isLive();
      const expected = ['All is well.', 'Anybody there?', 'Written in the dark.'];
      await until(`all messages are there once, ${look}`, async () => (await ada.messages()).length >= expected.length);
      expect((await ada.messages()).sort(), look).toEqual(expected);
    }
  });

  it('delivers live again', async () => {
    await bot.postMessage(roomId, 'The pilot is back.');
    await ada.sees('The pilot is back.');
  });
});
