/** A random UUID. `crypto.randomUUID` is missing on plain http, where a server in the local network may be. */
export function newCommandId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Gives the same id for the same input until the command is done: a repeat after a lost answer changes nothing. */
export class CommandIds {
  #input: string | undefined;
  #id = '';

  for(input: unknown): string {
    const key = JSON.stringify(input);
    if (this.#input !== key) {
      this.#input = key;
      this.#id = newCommandId();
    }
    return this.#id;
  }

  done(): void {
    this.#input = undefined;
  }
}
