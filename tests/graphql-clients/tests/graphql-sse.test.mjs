import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'graphql-sse';
import { Results } from '../results.mjs';
import { Server } from '../server.mjs';

const posted = 'subscription ($after: Int!) { posted(after: $after) { position text } }';

for (const singleConnection of [false, true]) {
  describe(`the client graphql-sse with ${singleConnection ? 'a single connection' : 'distinct connections'}`, () => {
    let server;
    let client;
    before(async () => {
      server = await Server.start();
      client = createClient({
        url: server.url,
        singleConnection,
        retryAttempts: 100,
        retry: () => new Promise((resolve) => setTimeout(resolve, 100)),
      });
    });
    after(async () => {
      client.dispose();
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
      const [result] = await run({ query, variables: { text: 'one\ntwo 😀' } }).all();
      assert.deepEqual(result.data.post, { position: 1, text: 'one\ntwo 😀' });
    });

    it('subscribes until the stream is complete', async () => {
      const results = await run({ query: 'subscription { count(to: 50) }' }).all();
      assert.deepEqual(
        results.map(({ data }) => data.count),
        Array.from({ length: 50 }, (_, i) => i + 1),
      );
    });

    it('runs many operations at the same time', async () => {
      const counts = Array.from({ length: 20 }, (_, i) => run({ query: `subscription { count(to: ${i + 1}) }` }).all());
      assert.deepEqual(
        (await Promise.all(counts)).map((results) => results.length),
        Array.from({ length: 20 }, (_, i) => i + 1),
      );
    });

    it('stops a subscription and sees no more of it', async () => {
      const stopped = new Results();
      const unsubscribe = client.subscribe({ query: posted, variables: { after: 0 } }, stopped.sink);
      await stopped.first();
      unsubscribe();
      await stopped.all();
      const others = run({ query: posted, variables: { after: 1 } });
      await server.post('after the stop');
      await others.first(({ data }) => data.posted.text === 'after the stop');
      assert.equal((await stopped.all()).length, 1);
    });

    it('goes on after the server was killed and started again', async () => {
      const results = run({ query: posted, variables: { after: 0 } });
      await results.first(({ data }) => data.posted.text === 'after the stop');
      await server.kill();
      await server.start();
      await server.post('after the restart');
      await results.first(({ data }) => data.posted.text === 'after the restart');
    });
  });
}

describe('an operation that is wrong', () => {
  let server;
  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop());

  it('has its errors in the result of a distinct connection', async () => {
    const client = createClient({ url: server.url });
    const results = new Results();
    client.subscribe({ query: '{ nope }' }, results.sink);
    const [result] = await results.all();
    assert.equal(result.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
    client.dispose();
  });

  it('is refused before it reaches a single connection', async () => {
    const client = createClient({ url: server.url, singleConnection: true, retryAttempts: 0 });
    const results = new Results();
    client.subscribe({ query: '{ nope }' }, results.sink);
    await assert.rejects(results.all(), (error) => error.response.status === 400);
    client.dispose();
  });
});
