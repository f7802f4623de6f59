import type { RefusalFragment } from '../generated/operations';
import { messageOf } from '../graphql/request-error';

/** The state of one form while it is sent: refusals at their fields, everything else above the button. */
export class Form<Field extends string> {
  readonly #fields: readonly Field[];
  #busy = $state(false);
  #general = $state<string | null>(null);
  #problems = $state.raw<Partial<Record<Field, string>>>({});

  constructor(fields: readonly Field[]) {
    this.#fields = fields;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** What belongs to no field of this form. */
  get general(): string | null {
    return this.#general;
  }

  problem(field: Field): string | undefined {
    return this.#problems[field];
  }

  /** The first field with a problem, in the order of the form. */
  get firstInvalid(): Field | undefined {
    return this.#fields.find((field) => this.#problems[field]);
  }

  /** True when the server accepted. What was typed is never touched. */
  async submit(send: () => Promise<readonly RefusalFragment[]>): Promise<boolean> {
    if (this.#busy) return false;
    this.#busy = true;
    try {
      this.#show(await send());
    } catch (error) {
      this.#problems = {};
      this.#general = messageOf(error);
    } finally {
      this.#busy = false;
    }
    return this.#general === null && this.firstInvalid === undefined;
  }

  #show(refusals: readonly RefusalFragment[]): void {
    const problems: Partial<Record<Field, string>> = {};
    const general: string[] = [];
    for (const { field, message } of refusals) {
      // A server may name the field with its path, as in input.email.
      const name = field?.split('.').at(-1);
      const known = this.#fields.find((candidate) => candidate === name);
      if (known) problems[known] ??= withoutName(message, known);
      else general.push(message);
    }
    this.#problems = problems;
    this.#general = general.length > 0 ? general.join(' ') : null;
  }
}

/** The field's own name in the API is told by its label already: "displayName must not be empty." */
function withoutName(message: string, field: string): string {
  if (!message.startsWith(`${field} `)) return message;
  const rest = message.slice(field.length + 1);
  return rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
}

/** Puts the cursor where something has to be corrected. */
export function focusField(form: HTMLFormElement, name: string | undefined): void {
  const control = name === undefined ? null : form.elements.namedItem(name);
  if (control instanceof HTMLElement) control.focus();
}
