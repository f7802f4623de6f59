import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { Results } from '../results.mjs';
import { Server } from '../server.mjs';

const messages = gql`
  query Messages($after: Int!) {
    messages(after: $after) {
      position
      text
    }
  }
`;

describe('the client Apollo', () => {
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

  const clientOf = (link) => new ApolloClient({ link, cache: new InMemoryCache() });

  it('mutates and queries', async () => {
    const client = clientOf(new HttpLink({ uri: server.url }));
    const mutation = gql`
      mutation Post($text: String!) {
        post(text: $text) {
          position
          text
        }
      }
    `;
    const posted = await client.mutate({ mutation, variables: { text: 'hi' } });
    assert.deepEqual(posted.data.post, { __typename: 'Message', position: 1, text: 'hi' });
    const { data } = await client.query({ query: messages, variables: { after: 0 } });
    assert.equal(data.messages[0].text, 'hi');
  });

  it('sees errors', async () => {
    const client = clientOf(new HttpLink({ uri: server.url }));
    await assert.rejects(client.query({ query: gql`{ nope }` }), (error) => {
      assert.equal(error.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
      return true;
    });
  });

  it('subscribes over a WebSocket', async () => {
    const results = new Results();
    clientOf(new GraphQLWsLink(socket))
      .subscribe({ query: gql`subscription { count(to: 3) }` })
      .subscribe(results.sink);
    assert.deepEqual(
      (await results.all()).map(({ data }) => data.count),
      [1, 2, 3],
    );
  });

  it('registers documents and then asks for them with GET', async () => {
    const asked = [];
    const link = ApolloLink.from([
      new PersistedQueryLink({
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        useGETForHashedQueries: true,
      }),
      new HttpLink({
        uri: server.url,
        fetch: (url, options) => {
          asked.push({ method: options.method, hasText: `${url}${options.body ?? ''}`.includes('query+Messages') });
          return fetch(url, options);
        },
      }),
    ]);
    for (let i = 0; i < 2; i++) {
      const { data } = await clientOf(link).query({ query: messages, variables: { after: 0 } });
      assert.equal(data.messages.length, 1);
    }
    assert.deepEqual(
      asked.map(({ method }) => method),
      ['GET', 'POST', 'GET'],
    );
    assert.ok(asked.every(({ method, hasText }) => method === 'POST' || !hasText));
  });
});
