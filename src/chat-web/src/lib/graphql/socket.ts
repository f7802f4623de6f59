import { createClient, type Client } from 'graphql-ws';
import type { TypedDocumentString } from '../generated/operations';
import { RequestError, type GraphQLProblem } from './request-error';

export const PING_EVERY_MS = 10_000;
export const PONG_WITHIN_MS = 5_000;
export const ACKNOWLEDGE_WITHIN_MS = 10_000;

export interface Sink<T> {
  /** The socket stands and the subscription is on its way. */
  opened(): void;
  next(value: T): void;
  /** The end: null when the server completed the subscription. */
  closed(reason: RequestError | null): void;
}

/**
 * One WebSocket for all subscriptions of the page, opened with the first and closed after the last.
 * It never reconnects by itself: a subscription must resume from its own position.
 */
export class Socket {
  readonly #url: string;
  readonly #webSocketImpl: unknown;
  #client: Client;
  #open = false;

  constructor(url: string, webSocketImpl?: unknown) {
    this.#url = url;
    this.#webSocketImpl = webSocketImpl;
    this.#client = this.#connect();
  }

  subscribe<R, V extends Record<string, unknown>>(
    document: TypedDocumentString<R, V>,
    variables: V,
    sink: Sink<R>,
  ): () => void {
    let ended = false;
    const end = (reason: RequestError | null): void => {
      if (ended) return;
      ended = true;
      forget();
      sink.closed(reason);
    };
    const forget = this.#client.on('connected', () => sink.opened());
    const unsubscribe = this.#client.subscribe<R>(
      { query: document.toString(), variables },
      {
        next: ({ data, errors }) => {
          if (ended) return;
          if (errors?.length) end(RequestError.from(errors));
          else if (data) sink.next(data);
        },
        error: (error) => end(reasonOf(error)),
        complete: () => end(null),
      },
    );
    if (this.#open) sink.opened();
    return () => {
      ended = true;
      forget();
      unsubscribe();
    };
  }

  /** Drops the connection and makes a new one with the cookie of now. Every subscription ends. */
  restart(): void {
    const old = this.#client;
    this.#client = this.#connect();
    void old.dispose();
  }

  /** Drops a connection that may be dead without knowing it, as after a change of network. */
  terminate(): void {
    this.#client.terminate();
  }

  #connect(): Client {
    this.#open = false;
    let pongTimer: ReturnType<typeof setTimeout> | undefined;
    const client = createClient({
      url: this.#url,
      webSocketImpl: this.#webSocketImpl,
      lazy: true,
      retryAttempts: 0,
      keepAlive: PING_EVERY_MS,
      connectionAckWaitTimeout: ACKNOWLEDGE_WITHIN_MS,
      on: {
        connected: () => {
          if (client === this.#client) this.#open = true;
        },
        closed: () => {
          clearTimeout(pongTimer);
          if (client === this.#client) this.#open = false;
        },
        ping: (received) => {
          if (received) return;
          clearTimeout(pongTimer);
          pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
        },
        pong: (received) => {
          if (received) clearTimeout(pongTimer);
        },
      },
    });
    return client;
  }
}

/** graphql-ws reports GraphQL errors as a list and everything else as the socket's close event or an Error. */
function reasonOf(error: unknown): RequestError {
  if (Array.isArray(error)) return RequestError.from(error as GraphQLProblem[]);
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 4401 || code === 4403) return new RequestError('UNAUTHENTICATED', 'Your session has ended.');
  return RequestError.network();
}

export function socketUrl(page: Location): string {
  return `${page.protocol === 'https:' ? 'wss' : 'ws'}://${page.host}/graphql`;
}
