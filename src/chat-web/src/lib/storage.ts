/** Browsers may refuse storage; what is written then lives as long as the page. */
export class PageStorage {
  readonly #store: Storage | null;
  readonly #memory = new Map<string, string>();

  constructor(open: () => Storage) {
    this.#store = attempt(open);
  }

  read(key: string): string | null {
    return this.#memory.get(key) ?? attempt(() => this.#store?.getItem(key) ?? null);
  }

  write(key: string, value: string | null): void {
    this.#memory.delete(key);
    if (value === null) {
      attempt(() => this.#store?.removeItem(key));
      return;
    }
    const kept = attempt(() => {
      this.#store?.setItem(key, value);
      return this.#store;
    });
    if (!kept) this.#memory.set(key, value);
  }

  /** Forgets everything whose key starts like this. */
  clear(prefix: string): void {
    for (const key of [...this.#memory.keys()]) if (key.startsWith(prefix)) this.#memory.delete(key);
    const store = this.#store;
    if (store) for (const key of Object.keys(store)) if (key.startsWith(prefix)) store.removeItem(key);
  }
}

function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}
