import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, pictureFailures } from '../world/browser.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { Person } from '../world/person.mjs';
import { until } from '../world/wait.mjs';

describe('GraphiQL', () => {
  /** @type {ChatSite} */ let site;
  /** @type {Person} */ let ada;
  /** @type {Person} */ let explorer;
  let browser;
  let roomId;

  beforeAll(async () => {
    [site, browser] = await Promise.all([ChatSite.open('graphiql'), openBrowser()]);
    ada = await Person.arrive(browser, site);
    await ada.register({ name: 'Ada', email: 'ada@example.org', password: 'a long enough pass phrase' });
    await ada.createRoom('Workshop', 'Tools and questions');
    roomId = new URL(ada.page.url()).pathname.split('/').at(-1);
    // In the same browser profile: GraphiQL acts as whoever is signed in there.
    explorer = new Person(ada.context, await ada.context.newPage());
  });
  pictureFailures(() => [ada, explorer]);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  const response = () => explorer.page.locator('.result-window').innerText();
  const editor = () => explorer.page.locator('.graphiql-query-editor .monaco-editor');
  const execute = () => explorer.page.getByRole('button', { name: /Execute query/ }).click();

  async function write(document) {
    await editor().click();
    await explorer.page.keyboard.press('Control+A');
    await explorer.page.keyboard.press('Delete');
    await explorer.page.keyboard.insertText(document);
  }

  it('opens and runs a query', async () => {
    await explorer.page.goto(`${site.url}/graphql`);
    await editor().locator('.view-line').filter({ hasText: 'version' }).waitFor();
    await execute();
    await until('the answer shows the version', async () =>
      /"version": "\d/.test((await response()).replaceAll('\u00a0', ' ')),
    );
    await explorer.screenshot('graphiql');
  });

  it('runs a subscription over its socket', async () => {
    await write(`subscription { roomEvents(roomId: "${roomId}") { position at } }`);
    await explorer.page.getByRole('button', { name: /Prettify/ }).click();
    await until('the document has several lines', async () => (await editor().locator('.view-line').count()) > 3);
    await execute();
    await explorer.page.getByRole('button', { name: /Stop/ }).waitFor();
    // The room's creation was event 1; the editor shows the newest event.
    for (const [text, position] of [
      ['One', 2],
      ['Two', 3],
    ]) {
      await ada.say(text);
      await until(`the answer shows event ${position}`, async () =>
        (await response()).replaceAll('\u00a0', ' ').includes(`"position": ${position}`),
      );
    }
    await explorer.screenshot('graphiql-subscription');
  });

  it('complains about nothing, its content security policy least of all', () =>
    expect(explorer.complaints).toEqual([]));
});
