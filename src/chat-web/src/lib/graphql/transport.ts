import type { TypedDocumentString } from '../generated/operations';
import { RequestError, type GraphQLProblem } from './request-error';

/** The server decides a command within 30 s; after that no answer will come. */
export const REQUEST_TIMEOUT_MS = 35_000;

interface Answer<R> {
  readonly data?: R | null;
  readonly errors?: readonly GraphQLProblem[];
}

/** Sends queries and mutations. The session is a cookie that scripts cannot read. */
export class Transport {
  readonly #fetch: typeof fetch;
  #sessionLost: () => void = () => undefined;

  constructor(fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#fetch = fetcher;
  }

  /** Called whenever the server says that nobody is signed in. */
  onSessionLost(listener: () => void): void {
    this.#sessionLost = listener;
  }

  async send<R, V>(document: TypedDocumentString<R, V>, variables: V, signal?: AbortSignal): Promise<R> {
    const answer = await this.#post<R>({ query: document.toString(), variables }, signal);
    if (answer.errors?.length) {
      const error = RequestError.from(answer.errors);
      if (error.code === 'UNAUTHENTICATED') this.#sessionLost();
      throw error;
    }
    if (!answer.data) throw new RequestError('INTERNAL', 'The server gave no answer.');
    return answer.data;
  }

  async #post<R>(body: unknown, signal?: AbortSignal): Promise<Answer<R>> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    let response: Response;
    let text: string;
    try {
      response = await this.#fetch('/graphql', {
        method: 'POST',
        credentials: 'same-origin',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          'x-chat': '1',
        },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await response.text();
    } catch {
      throw RequestError.network();
    }
    const answer = parse<R>(text);
    if (answer) return answer;
    // A proxy in front of a stopped server answers with a page of its own.
    if (response.status >= 500) throw RequestError.network();
    throw new RequestError('INTERNAL', `The server answered with status ${response.status}.`);
  }
}

function parse<R>(text: string): Answer<R> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isAnswer = typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
    return isAnswer ? (value as Answer<R>) : null;
  } catch {
    return null;
  }
}
