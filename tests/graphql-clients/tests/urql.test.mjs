import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Results } from '../results.mjs';
import { Server } from '../server.mjs';

const count = 'subscription { count(to: 3) }';

describe('the client urql', () => {
  let server;
  let socket;
  before(async () => {
    server = await Server.start();
    socket = createClient({ url: server.socketUrl, webSocketImpl: WebSocket });
  });
  after(async () => {
    await socket.dispose();
    await server.stop();
  });

  const overHttp = (options) =>
    new Client({ url: server.url, preferGetMethod: false, exchanges: [fetchExchange], ...options });

  it('mutates and queries', async () => {
    const client = overHttp();
    const mutation = await client.mutation('mutation ($text: String!) { post(text: $text) { position } }', {
      text: 'hi',
    });
    assert.equal(mutation.error, undefined);
    assert.equal(mutation.data.post.position, 1);
    const query = await client.query('query ($after: Int!) { messages(after: $after) { text } }', { after: 0 });
    assert.equal(query.data.messages[0].text, 'hi');
  });

  it('queries with GET', async () => {
    const { data, error } = await overHttp({ preferGetMethod: 'force' }).query('{ messages { text } }', {});
    assert.equal(error, undefined);
    assert.equal(data.messages.length, 1);
  });

  it('sees errors', async () => {
    const { error } = await overHttp().query('{ nope }', {});
    assert.equal(error.graphQLErrors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  });

  it('subscribes with server-sent events', async () =>
    assert.deepEqual(await countOf(overHttp({ fetchSubscriptions: true })), [1, 2, 3]));

  it('subscribes over a WebSocket', async () => {
    const forwardSubscription = (request) => ({
      subscribe: (sink) => ({ unsubscribe: socket.subscribe(request, sink) }),
    });
    const exchanges = [subscriptionExchange({ forwardSubscription })];
    assert.deepEqual(await countOf(overHttp({ exchanges })), [1, 2, 3]);
  });

  /** urql's streams end without a word, so the last number is waited for. */
  async function countOf(client) {
    const results = new Results();
    const seen = [];
    const { unsubscribe } = client.subscription(count, {}).subscribe((result) => {
      if (result.error) results.sink.error(result.error);
      else seen.push(result.data.count);
      results.sink.next(result);
    });
    await results.first(({ data }) => data?.count === 3);
    unsubscribe();
    return seen;
  }
});
