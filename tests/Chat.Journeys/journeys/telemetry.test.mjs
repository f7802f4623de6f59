import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { ApiClient } from '../world/api-client.mjs';
import { ChatSite } from '../world/chat-site.mjs';
import { until } from '../world/wait.mjs';

describe('Telemetry', () => {
  /** @type {ChatSite} */ let site;
  /** What the collector was sent: path to text. */
  const received = new Map();
  const collector = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      received.set(request.url, (received.get(request.url) ?? '') + Buffer.concat(chunks).toString('latin1'));
      response.end();
    });
  });

  beforeAll(async () => {
    await new Promise((resolve) => collector.listen(0, '127.0.0.1', resolve));
    site = await ChatSite.open('telemetry', undefined, {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.address().port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_METRIC_EXPORT_INTERVAL: '500',
      OTEL_BSP_SCHEDULE_DELAY: '200',
    });
  });
  afterAll(async () => {
    await site?.close();
    collector.close();
  });

  it('reaches a collector, with the spans of the log and its metrics', async () => {
    const ada = new ApiClient(site);
    await ada.enterAsGuest('Ada');
    // Names are plain text inside the protobuf messages.
    await until('a trace with an append', () => received.get('/v1/traces')?.includes('append'));
    await until('metrics of the projections', () => received.get('/v1/metrics')?.includes('chat.eventstore.projection.lag'));
  });
});
