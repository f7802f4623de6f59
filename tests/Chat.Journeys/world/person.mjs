import { Visit } from './browser.mjs';
import { until } from './wait.mjs';

/** Somebody in front of the web client, who finds things by what they are called. */
export class Person extends Visit {
  /** @param {import('playwright-core').Browser} browser @param {import('./chat-site.mjs').ChatSite} site */
  static async arrive(browser, site, options) {
    const { context, page } = await Visit.begin(browser, options);
    const person = new Person(context, page);
    await page.goto(site.url);
    return person;
  }

  async register({ name, email, password }) {
    await this.page.getByRole('tab', { name: 'Register' }).click();
    await this.page.getByLabel('Display name').fill(name);
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.isInside();
  }

  async signIn({ email, password }) {
    await this.page.getByRole('tab', { name: 'Sign in' }).click();
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.isInside();
  }

  async enterAsGuest(name) {
    await this.page.getByRole('tab', { name: 'Guest' }).click();
    await this.page.getByLabel('Display name').fill(name);
    await this.page.getByRole('button', { name: 'Enter as guest' }).click();
    await this.isInside();
  }

  isInside() {
    return this.page.getByRole('navigation', { name: 'Rooms' }).waitFor();
  }

  isOutside() {
    return this.page.getByRole('tablist', { name: 'Ways in' }).waitFor();
  }

  async createRoom(name, topic) {
    await this.page.getByRole('button', { name: 'Create room' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Create room' });
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Topic').fill(topic);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await this.isLive();
  }

  /** Finds a room by its name and joins it. */
  async join(name) {
    await this.page.getByLabel('Search rooms').fill(name);
    await this.page.getByRole('button', { name: `Join ${name}` }).click();
    await this.isLive();
  }

  get composer() {
    return this.page.getByRole('textbox', { name: 'Message' });
  }

  async say(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  /** Says something and waits for the server's answer, not only for the text to show. */
  async post(text) {
    const isPost = (response) => response.request().postData()?.includes('postMessage') ?? false;
    const answered = this.page.waitForResponse(isPost);
    await this.say(text);
    await answered;
    await this.sees(text);
  }

  connection(state) {
    return this.page.getByRole('status', { name: 'Connection' }).filter({ hasText: state });
  }

  isLive() {
    return this.connection('Live').waitFor({ state: 'attached' });
  }

  /** Waits until a message is on the page. */
  sees(text) {
    return this.message(text).first().waitFor();
  }

  message(text) {
    return this.page.getByRole('log', { name: 'Messages' }).getByRole('article').filter({ hasText: text });
  }

  /** The texts of all messages on the page, in order. */
  async messages() {
    const articles = await this.page.getByRole('log', { name: 'Messages' }).getByRole('article').all();
    return Promise.all(articles.map(async (article) => (await article.locator('div').first().innerText()).trim()));
  }

  /** Waits until the page shows exactly these messages. */
  async showsExactly(expected) {
    let shown = [];
    const same = async () => JSON.stringify((shown = await this.messages())) === JSON.stringify(expected);
    await until(`the page shows ${JSON.stringify(expected)}`, same).catch((error) => {
      throw new Error(`${error.message} It shows ${JSON.stringify(shown)}.`);
    });
  }

  /**
   * Has the page note the moment at which a text appears, by a clock that all pages of this machine share.
   * @param {string} text
   * @returns {Promise<{at: () => Promise<number>}>}
   */
  async watchFor(text) {
    const noted = await this.page.evaluateHandle((wanted) => {
      const log = document.querySelector('[role=log]');
      const note = { at: 0 };
      new MutationObserver((_, observer) => {
        if (!log.textContent.includes(wanted)) return;
        note.at = performance.timeOrigin + performance.now();
        observer.disconnect();
      }).observe(log, { childList: true, subtree: true, characterData: true });
      return note;
    }, text);
    const read = () => noted.evaluate((note) => note.at);
    return { at: () => until(`${text} appears`, read) };
  }

  /** Sends what the composer holds and tells the moment of the key press, by the same clock. */
  async pressEnter() {
    const pressed = await this.page.evaluateHandle(() => {
      const note = { at: 0 };
      addEventListener('keydown', () => (note.at = performance.timeOrigin + performance.now()), {
        once: true,
        capture: true,
      });
      return note;
    });
    await this.composer.press('Enter');
    return pressed.evaluate((note) => note.at);
  }
}
