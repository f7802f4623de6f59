/** The data that all servers hold in memory, the same as in ChatData.cs. */

const rooms = 10;
const messagesOfRoom = 50;
const users = 20;

export const typeDefs = `
  type Query { hello: String!  rooms: [Room!]! }
  type Subscription { messageSent: Message! }
  type Room { id: Int!  name: String!  messages: [Message!]! }
  type Message { id: Int!  text: String!  author: User! }
  type User { id: Int!  name: String! }
`;

export const hello = 'Hello, world!';

const allUsers = Array.from({ length: users }, (_, i) => ({ id: i + 1, name: `User ${i + 1}` }));
const usersById = new Map(allUsers.map((user) => [user.id, user]));

export const allRooms = Array.from({ length: rooms }, (_, room) => ({
  id: room + 1,
  name: `Room ${room + 1}`,
  messages: Array.from({ length: messagesOfRoom }, (_, i) => message(room * messagesOfRoom + i + 1)),
}));

export function message(id) {
  const text =
    id % 10 === 0
      ? `Message ${id} says "Grüße, 世界" and\nbegins a new line.`
      : `Message ${id} is a sentence of the length that people write.`;
  return { id, text, authorId: (id % users) + 1 };
}

/** What a data loader calls: many keys at a time, asynchronous. */
export async function loadUsers(ids) {
  return ids.map((id) => usersById.get(id));
}
