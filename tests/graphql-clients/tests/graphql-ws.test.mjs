import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Results } from '../results.mjs';
import { Server } from '../server.mjs';

const posted = 'subscription { posted { position text } }';

describe('the client graphql-ws', () => {
  let server;
  let client;
  before(async () => {
    server = await Server.start();
    client = createClient({
      url: server.socketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 100,
      // A server that is not there is tried again, too.
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
    });
  });
  after(async () => {
    await client.dispose();
    await server.stop();
  });

  const run = (payload) => {
    const results = new Results();
    client.subscribe(payload, results.sink);
    return results;
  };

  it('queries', async () =>
    assert.deepEqual(await run({ query: '{ messages { text } }' }).all(), [{ data: { messages: [] } }]));

  it('mutates', async () => {
    const query = 'mutation ($text: String!) { post(text: $text) { position text } }';
    const [result] = await run({ query, variables: { text: 'grüß 😀' } }).all();
    assert.deepEqual(result.data.post, { position: 1, text: 'grüß 😀' });
  });

  it('subscribes until the stream is complete', async () => {
    const results = await run({ query: 'subscription { count(to: 50) }' }).all();
    assert.deepEqual(
      results.map(({ data }) => data.count),
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });

  it('is told what is wrong with an operation', async () =>
    assert.rejects(run({ query: '{ nope }' }).all(), (errors) => {
      assert.equal(errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
      return true;
    }));

  it('names stored documents', async () => {
    const query = '{ messages(after: 1) { text } }';
    const extensions = {
      persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(query).digest('hex') },
    };
    // The client insists on a text.
    const byHash = { query: '', extensions };
    await assert.rejects(run(byHash).all(), (errors) => errors[0].message === 'PersistedQueryNotFound');
    const expected = [{ data: { messages: [] } }];
    assert.deepEqual(await run({ query, extensions }).all(), expected);
    assert.deepEqual(await run(byHash).all(), expected);
  });

  it('goes on after the server was killed and started again', async () => {
    const results = new Results();
    const unsubscribe = client.subscribe({ query: posted }, results.sink);
    await results.first(({ data }) => data.posted.text === 'grüß 😀');
    await server.kill();
    await server.start();
    await server.post('after the restart');
    await results.first(({ data }) => data.posted.text === 'after the restart');
    unsubscribe();
  });

  it('goes on after its socket was cut', async () => {
    let socket;
    const cut = createClient({
      url: server.socketUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 100,
      // A server that is not there is tried again, too.
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
      on: { opened: (opened) => (socket = opened) },
    });
    const results = new Results();
    cut.subscribe({ query: 'subscription { posted(after: 1) { text } }' }, results.sink);
    await server.post('before the cut');
    await results.first(({ data }) => data.posted.text === 'before the cut');
    socket.terminate();
    await server.post('after the cut');
    await results.first(({ data }) => data.posted.text === 'after the cut');
    await cut.dispose();
  });
});
