import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, pictureFailures } from '../world/browser.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { Person } from '../world/person.mjs';

const account = { name: 'Ada', email: 'ada@example.org', password: 'a long enough pass phrase' };
const room = 'Lighthouse';
const duringTheOutage = ['Is the server gone?', 'I will wait.', 'It is quiet here too.'];
/** What the two say to each other in turns while the way of each message is measured. */
const conversation = [
  'Good evening, Grace. The light is on.',
  'Good evening! I can see it from the harbour.',
  'Three ships are due before midnight.',
  'Two of them have passed the buoy.',
  'And the third?',
  'The Heron is late; there is fog in the strait.',
  'Then I leave the horn running.',
  'Thank you. I send the pilot out at ten.',
  'Tell him to keep north of the sandbank.',
  'He says he always does 🙂',
];

describe('two people in two browsers', () => {
  /** @type {ChatSite} */ let site;
  /** @type {Person} */ let ada;
  /** @type {Person} */ let guest;
  let browser;
  const said = [];

  beforeAll(async () => {
    [site, browser] = await Promise.all([ChatSite.open('two-people'), openBrowser()]);
    ada = await Person.arrive(browser, site);
    guest = await Person.arrive(browser, site);
  });
  pictureFailures(() => [ada, guest]);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('one registers by e-mail, the other enters as guest', async () => {
    await ada.isOutside();
    await ada.screenshot('entry');
    await ada.register(account);
    await guest.enterAsGuest('Grace');
    await ada.screenshot('signed-in');
  });

  it('one creates a room, the other finds and joins it', async () => {
    await ada.createRoom(room, 'Where we keep watch');
    await guest.join(room);
  });

  it('messages go both ways, live', async () => {
    const latencies = [];
    for (const [i, text] of conversation.entries()) {
      const [from, to] = i % 2 === 0 ? [ada, guest] : [guest, ada];
      said.push(text);
      const seen = await to.watchFor(text);
      await from.composer.fill(text);
      const pressed = await from.pressEnter();
      latencies.push((await seen.at()) - pressed);
    }
    await ada.showsExactly(said);
    await guest.showsExactly(said);
    await ada.screenshot('conversation');
    latencies.sort((a, b) => a - b);
    const [median, worst] = [latencies[latencies.length >> 1], latencies.at(-1)].map((ms) => ms.toFixed(0));
    console.log(
      `measured: key press to the other browser: median ${median} ms, longest of ${latencies.length} ${worst} ms`,
    );
  });

  it('a reload shows the history', async () => {
    await guest.page.reload();
    await guest.isLive();
    await guest.showsExactly(said);
  });

  it('survives kill -9 of the server: nothing is lost, nothing doubled', async () => {
    await site.kill();
    for (const person of [ada, guest]) await person.connection('Live').waitFor({ state: 'detached' });
    const [first, second, third] = duringTheOutage;
    await ada.say(first);
    await ada.say(second);
    await guest.say(third);
    await ada.page.getByText('Waiting for the server').first().waitFor();
    await ada.screenshot('server-away');
    await site.start();
    for (const person of [ada, guest]) {
      await person.isLive();
      for (const text of duringTheOutage) await person.sees(text);
      await person.page.getByText('Waiting for the server').waitFor({ state: 'detached' });
    }
    const after = await ada.messages();
    expect(after.slice(0, said.length)).toEqual(said);
    const fresh = after.slice(said.length);
    expect([...fresh].sort()).toEqual([...duringTheOutage].sort());
    expect(fresh.indexOf(first), 'the order of one sender').toBeLessThan(fresh.indexOf(second));
    said.push(...fresh);
    await guest.showsExactly(said);
    await ada.screenshot('server-back');
  });

  it('shows the same after a reload', async () => {
    await ada.page.reload();
    await ada.isLive();
    await ada.showsExactly(said);
  });

  it('fits on a phone', async () => {
    const walker = await Person.arrive(browser, site, { onPhone: true });
    await walker.screenshot('phone-entry');
    await walker.enterAsGuest('Mary');
    await walker.screenshot('phone-rooms');
    await walker.join(room);
    await walker.showsExactly(said);
    await walker.say('Written on the way.');
    said.push('Written on the way.');
    await guest.sees('Written on the way.');
    await walker.screenshot('phone-room');
    const overhang = await walker.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overhang, 'pixels that stick out on the right').toBeLessThanOrEqual(0);
    expect(walker.complaints).toEqual([]);
    await walker.context.close();
  });

  it('can be entered and used with the keyboard alone', async () => {
    const typist = await Person.arrive(browser, site);
    const { keyboard } = typist.page;
    await typist.isOutside();
    const focused = () =>
      typist.page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      );
    const tabTo = async (name) => {
      for (let presses = 0; presses < 40; presses++) {
        if ((await focused()).trim() === name) return;
        await keyboard.press('Tab');
      }
      throw new Error(`The Tab key never came to ${name}.`);
    };
    await tabTo('Sign in');
    await keyboard.press('End');
    await keyboard.press('Tab');
    await keyboard.type('Edith');
    await keyboard.press('Enter');
    await typist.isInside();
    await typist.page.getByRole('button', { name: `Join ${room}` }).waitFor();
    await tabTo(`Join ${room}`);
    await keyboard.press('Enter');
    await typist.isLive();
    await tabTo('Message');
    await keyboard.type('Look, no mouse.');
    await keyboard.press('Enter');
    await typist.sees('Look, no mouse.');
    await ada.sees('Look, no mouse.');
    await typist.screenshot('keyboard-only');
    expect(typist.complaints).toEqual([]);
    await typist.context.close();
  });

  it('signs out, for good, and in again', async () => {
    const cookies = await ada.context.cookies();
    expect(cookies.some((cookie) => cookie.httpOnly)).toBe(true);
    await ada.page.getByRole('button', { name: 'Sign out' }).click();
    await ada.isOutside();
    await ada.context.addCookies(cookies); // A copy of the session's cookie is worth nothing now.
    await ada.page.goto(site.url);
    await ada.isOutside();
    await ada.signIn(account);
    await ada.page.getByRole('link', { name: room }).click();
    await ada.isLive();
    await ada.sees('Look, no mouse.');
  });
});
