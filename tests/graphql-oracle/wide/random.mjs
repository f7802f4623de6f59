/** Random choices that depend on a seed alone (xorshift). */
export class Random {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = (seed ^ 0x9e3779b9) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.below(2);
  }

  /** A whole number from 0 to n - 1. */
  below(n) {
    let x = this.#state;
    x = (x ^ (x << 13)) >>> 0;
    x = (x ^ (x >>> 17)) >>> 0;
    x = (x ^ (x << 5)) >>> 0;
    this.#state = x;
    return x % n;
  }

  /** True once in n times. */
  once(n) {
    return this.below(n) === 0;
  }

  /** @template T @param {readonly T[]} items @returns {T} */
  pick(items) {
    return items[this.below(items.length)];
  }

  /** Each item with a probability of 1 / n, in order. @template T @param {readonly T[]} items @returns {T[]} */
  some(items, n) {
    return items.filter(() => this.once(n));
  }

  /** From `least` to `most` things. @template T @param {() => T} make @returns {T[]} */
  times(least, most, make) {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
}
