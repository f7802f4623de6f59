import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 20;

/**
 * Waits until something is so; says what it waited for when it does not come.
 * @template T
 * @param {string} what
 * @param {() => T | Promise<T>} probe answers something true when it is so
 * @param {number} [milliseconds]
 * @returns {Promise<T>} that answer
 */
export async function until(what, probe, milliseconds = 15_000) {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > end) throw new Error(`Waited ${milliseconds / 1000} s in vain: ${what}.`);
    await delay(pollMs);
  }
}
