import { createServer } from 'node:http';
import DataLoader from 'dataloader';
import { createSchema, createYoga } from 'graphql-yoga';
import { allRooms, hello, loadUsers, typeDefs } from './chat.mjs';
import { serve } from './commands.mjs';

const yoga = createYoga({
  schema: createSchema({
    typeDefs,
    resolvers: {
      Query: { hello: () => hello, rooms: () => allRooms },
      Message: { author: (message, _, { users }) => users.load(message.authorId) },
    },
  }),
  context: () => ({ users: new DataLoader(loadUsers) }),
  logging: false,
  graphiql: false,
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => serve(server.address().port, () => {}));
