import { mkdirSync } from 'node:fs';
import { chromium as playwright } from 'playwright-core';
import { afterEach } from 'vitest';
import { chromium } from '../../../ops/lib/chromium.mjs';
import { inRepository } from '../../../ops/lib/paths.mjs';

const stepMs = 15_000;
const screenshots = inRepository('artifacts', 'screenshots');

const launchArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const desktop = { viewport: { width: 1200, height: 780 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** Starts Debian's Chromium. */
export function openBrowser() {
  mkdirSync(screenshots, { recursive: true });
  return playwright.launch({ executablePath: chromium(), args: launchArguments, timeout: 30_000 });
}

/** A page with a browser profile of its own, and everything that went wrong in it. */
export class Visit {
  constructor(context, page) {
    this.context = context;
    this.page = page;
    /** What the page's console and scripts complained about. @type {string[]} */
    this.complaints = [];
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  /** @param {import('playwright-core').Browser} browser @param {{onPhone?: boolean}} [options] */
  static async begin(browser, { onPhone = false } = {}) {
    const context = await browser.newContext({ ...(onPhone ? phone : desktop), locale: 'en-GB' });
    context.setDefaultTimeout(stepMs);
    return new Visit(context, await context.newPage());
  }

  /** Keeps a picture for people to look at, in artifacts/screenshots. @param {string} name */
  screenshot(name) {
    return this.page.screenshot({ path: `${screenshots}/${name}.png` });
  }
}

/**
 * Keeps pictures of all pages when a step of the journey fails.
 * @param {() => (Visit | undefined)[]} visits
 */
export function pictureFailures(visits) {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const name = task.name.replaceAll(/\W+/g, '-').slice(0, 60);
    const taken = visits().map((visit, index) => visit?.screenshot(`failed-${name}-${index + 1}`));
    await Promise.allSettled(taken); // The failure itself is what counts.
  });
}
