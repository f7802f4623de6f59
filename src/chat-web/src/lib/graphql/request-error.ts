/** Codes after which the same request may simply be sent again. */
const transientCodes = new Set(['NETWORK', 'UNAVAILABLE', 'REQUEST_TIMEOUT', 'RATE_LIMITED']);

/** A request without a usable answer. `code` is the server's, or NETWORK where no server answered. */
export class RequestError extends Error {
  readonly code: string;
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retryAfterMs = 0) {
    super(message);
    this.name = 'RequestError';
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  get transient(): boolean {
    return transientCodes.has(this.code);
  }

  static network(): RequestError {
    return new RequestError('NETWORK', 'The server cannot be reached. Check your connection and try again.');
  }

  /** Makes one out of the `errors` of a GraphQL answer. Unknown shapes become INTERNAL. */
  static from(errors: readonly GraphQLProblem[]): RequestError {
    const [first] = errors;
    const { code, retryAfterMs } = first?.extensions ?? {};
    return new RequestError(
      typeof code === 'string' ? code : 'INTERNAL',
      first?.message ?? 'The server answered with an error.',
      typeof retryAfterMs === 'number' ? retryAfterMs : 0,
    );
  }
}

export interface GraphQLProblem {
  readonly message: string;
  readonly extensions?: { readonly [key: string]: unknown };
}

/** What to show to a person, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof RequestError ? error.message : 'Something went wrong. Please try again.';
}
