import { randomUUID } from 'node:crypto';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** Longer than the server takes to answer UNAVAILABLE. */
const requestMs = 40_000;

/** Closing a socket that is still connecting is an error to `ws`; here it is somebody who has left. */
class Socket extends WebSocket {
  constructor(...parameters) {
    super(...parameters);
    this.on('error', () => {});
  }
}

/** A program that uses the API with a token, as a bot does. */
export class ApiClient {
  #site;
  #token = null;

  constructor(site) {
    this.#site = site;
  }

  /**
   * One operation.
   * @param {string} query
   * @param {Record<string, unknown>} [variables]
   * @returns {Promise<any>} its data
   */
  async request(query, variables = {}) {
    const { data, errors } = await this.answer(query, variables);
    if (errors) throw new Error(`${query}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** One operation, with its errors. */
  async answer(query, variables = {}) {
    const response = await fetch(`${this.#site.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(this.#token && { authorization: `Bearer ${this.#token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(requestMs),
    });
    return response.json();
  }

  /** A mutation that has to succeed. */
  async command(name, inputType, input, selection) {
    const fields = `${selection} errors { code message field }`;
    const query = `mutation($input: ${inputType}!) { ${name}(input: $input) { ${fields} } }`;
    const payload = (await this.request(query, { input }))[name];
    if (payload.errors.length > 0) throw new Error(`${name}: ${JSON.stringify(payload.errors)}`);
    return payload;
  }

  async enterAsGuest(displayName) {
    const { accessToken, viewer } = await this.command(
      'enterAsGuest',
      'EnterAsGuestInput',
      { displayName },
      'accessToken viewer { user { id } }',
    );
    this.#token = accessToken;
    return viewer.user.id;
  }

  async register(displayName) {
    const input = {
      displayName,
      email: `${displayName}-${randomUUID()}@example.org`,
      password: `${randomUUID()} horse`,
    };
    const { accessToken, viewer } = await this.command(
      'register',
      'RegisterInput',
      input,
      'accessToken viewer { user { id } }',
    );
    this.#token = accessToken;
    return viewer.user.id;
  }

  async createRoom(name) {
    return (await this.command('createRoom', 'CreateRoomInput', { commandId: randomUUID(), name }, 'room { id }')).room
      .id;
  }

  joinRoom(roomId) {
    return this.command('joinRoom', 'JoinRoomInput', { commandId: randomUUID(), roomId }, 'position');
  }

  postMessage(roomId, text, commandId = randomUUID()) {
    return this.command('postMessage', 'PostMessageInput', { commandId, roomId, text }, 'position message { id }');
  }

  /** All messages of a room, oldest first. */
  async messages(roomId) {
    const page = 100;
    const all = [];
    for (let after = 0; ; after = all.at(-1).position) {
      const data = await this.request(
        `query($id: UUID!, $first: Int!, $after: Long) {
          room(id: $id) { messages(first: $first, after: $after) { nodes { id position text } } } }`,
        { id: roomId, first: page, after },
      );
      const { nodes } = data.room.messages;
      all.push(...nodes);
      if (nodes.length < page) return all;
    }
  }

  /** A socket of its own; it does not reconnect by itself. */
  socket() {
    return createClient({
      url: `${this.#site.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: Socket,
      connectionParams: { authorization: `Bearer ${this.#token}` },
      retryAttempts: 0,
      connectionAckWaitTimeout: requestMs,
      lazy: true,
    });
  }

  /**
   * A room's events after a position, until the socket breaks or `close` is called.
   * @param {string} roomId
   * @param {number} after
   * @param {(event: {__typename: string, position: number, message?: {id: string, text: string}}) => void} onEvent
   * @returns {{ended: Promise<void>, close: () => void}}
   */
  roomEvents(roomId, after, onEvent) {
    const socket = this.socket();
    const query = `subscription($roomId: UUID!, $after: Long) {
      roomEvents(roomId: $roomId, after: $after) {
        __typename position ... on MessagePosted { message { id text } } } }`;
    const ended = new Promise((resolve, reject) => {
      socket.subscribe(
        { query, variables: { roomId, after } },
        {
          next: ({ data, errors }) => (errors ? reject(new Error(JSON.stringify(errors))) : onEvent(data.roomEvents)),
          // A broken connection is an event without a list of GraphQL errors, and expected here.
          error: (error) => (Array.isArray(error) ? reject(new Error(JSON.stringify(error))) : resolve()),
          complete: resolve,
        },
      );
    });
    ended.catch(() => {}); // Whoever waits for it sees the error; nobody has to.
    return { ended, close: () => socket.terminate() };
  }
}
