const patienceMs = 30_000;

/**
 * Collects what a subscription yields, to be waited for.
 * @template T
 */
export class Results {
  #values = [];
  #waiting = [];
  #ended = Promise.withResolvers?.() ?? withResolvers();
  #error = null;

  /** A sink as graphql-ws, graphql-sse and observables take it. */
  sink = {
    next: (value) => {
      this.#values.push(value);
      this.#wake();
    },
    error: (error) => {
      this.#error = error ?? new Error('The subscription failed.');
      this.#wake();
      this.#ended.resolve();
    },
    complete: () => {
      this.#wake();
      this.#ended.resolve();
    },
  };

  /** The first value that fits; fails with the subscription or after a while. */
  async first(fits = () => true) {
    const deadline = AbortSignal.timeout(patienceMs);
    for (;;) {
      const value = this.#values.find(fits);
      if (value !== undefined) return value;
      if (this.#error) throw this.#error;
      if (deadline.aborted) throw new Error(`Nothing that fits came, but ${JSON.stringify(this.#values)}`);
      await this.#more(deadline);
    }
  }

  /** All values, once the subscription is complete. */
  async all() {
    await this.#ended.promise;
    if (this.#error) throw this.#error;
    return this.#values;
  }

  #more(deadline) {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      deadline.addEventListener('abort', resolve, { once: true });
    });
  }

  #wake() {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

function withResolvers() {
  const deferred = {};
  deferred.promise = new Promise((resolve) => {
    deferred.resolve = resolve;
  });
  return deferred;
}
