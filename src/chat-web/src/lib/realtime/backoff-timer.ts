export const FIRST_DELAY_MS = 400;
export const LONGEST_DELAY_MS = 5_000;

/** The wait before attempt n (0, 1, …): doubling, bounded, and spread so that pages do not all return at one moment. */
export function backoffDelay(attempt: number, random: () => number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceiling * (0.5 + random() / 2));
}

/** Runs one task later, each time after a longer wait, until `reset`. */
export class BackoffTimer {
  readonly #random: () => number;
  #attempts = 0;
  #handle: ReturnType<typeof setTimeout> | undefined;
  #task: (() => void) | undefined;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  /** How often the task was put off since the last reset. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Replaces whatever waits. Returns the wait in milliseconds, never less than `leastMs`. */
  schedule(task: () => void, leastMs = 0): number {
    const delay = Math.max(leastMs, backoffDelay(this.#attempts, this.#random));
    this.#attempts += 1;
    this.cancel();
    this.#task = task;
    this.#handle = setTimeout(() => this.wake(), delay);
    return delay;
  }

  /** Runs what waits at once. */
  wake(): void {
    const task = this.#task;
    this.cancel();
    task?.();
  }

  cancel(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
    this.#task = undefined;
  }

  reset(): void {
    this.#attempts = 0;
    this.cancel();
  }
}
