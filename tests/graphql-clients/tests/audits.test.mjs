import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { serverAudits } from 'graphql-http';
import { Server } from '../server.mjs';

/** The audits of graphql-http 1.23: another number is another set, to be looked at. */
const auditCount = 61;

describe('the audits of GraphQL over HTTP', () => {
  let server;
  before(async () => {
    server = await Server.start();
  });
  after(() => server.stop());

  const audits = serverAudits({ url: () => server.url });
  it(`are ${auditCount}`, () => assert.equal(audits.length, auditCount));
  for (const { id, name, fn } of audits) {
    it(`${id} ${name}`, async () => {
      const result = await fn();
      assert.equal(result.status, 'ok', result.reason);
      await result.response?.body?.cancel();
    });
  }
});
