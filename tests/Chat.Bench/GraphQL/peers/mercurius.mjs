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
    Subscription: { messageSent: { subscribe: (_, __, { pubsub }) => pubsub.subscribe(topic) } },
  },
  loaders: {
    Message: {
      author: {
        loader: (queries) => loadUsers(queries.map(({ obj }) => obj.authorId)),
        // Its cache serialises each parent; without it mercurius is faster here.
        opts: { cache: false },
      },
    },
  },
  // The number of runs of a query after which it is compiled.
  jit: 1,
  subscription: { fullWsTransport: true },
});
await app.listen({ host: '127.0.0.1', port: 0 });
serve(app.server.address().port, (sent) => app.graphql.pubsub.publish({ topic, payload: { messageSent: sent } }));
