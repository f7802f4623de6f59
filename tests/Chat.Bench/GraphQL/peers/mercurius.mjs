import DataLoader from 'dataloader';
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { allRooms, hello, loadUsers, typeDefs } from './chat.mjs';
import { serve } from './commands.mjs';

const topic = 'message-sent';

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    Query: { hello: () => hello, rooms: () => allRooms },
    Message: { author: (message, _, { users }) => users.load(message.authorId) },
    Subscription: { messageSent: { subscribe: (_, __, { pubsub }) => pubsub.subscribe(topic) } },
  },
  // Its own loaders make a query of every parent, each serialised or not; dataloader, with a promise per key, is faster.
  context: () => ({ users: new DataLoader(loadUsers) }),
  // A socket's context lives as long as it does, so nothing is cached from one event to the next.
  subscription: {
    fullWsTransport: true,
    context: () => ({ users: new DataLoader(loadUsers, { cache: false }) }),
  },
  // The number of runs of a query after which it is compiled.
  jit: 1,
});
await app.listen({ host: '127.0.0.1', port: 0 });
serve(app.server.address().port, (sent) => app.graphql.pubsub.publish({ topic, payload: { messageSent: sent } }));
