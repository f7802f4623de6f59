import { createGraphiQLFetcher } from '@graphiql/toolkit';
import { createClient } from 'graphql-ws';
import { settings } from './settings';

// The page stands where the server answers; index.html itself lies below.
const endpoint = new URL(window.location.pathname.replace(/\/ide\/(index\.html)?$/, ''), window.location.href);
const socket = new URL(endpoint);
socket.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';

export const fetcher = createGraphiQLFetcher({
  url: endpoint.href,
  headers: settings.headers,
  fetch: (input, init) => fetch(input, { ...init, credentials: 'same-origin' }),
  wsClient: createClient({ url: socket.href, lazy: true }),
});
