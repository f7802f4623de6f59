import { randomUUID } from 'node:crypto';
import pg from 'pg';

const variable = 'CHAT_TEST_POSTGRES';

/** The parts of an Npgsql connection string. */
function partsOf(connectionString) {
  return Object.fromEntries(
    connectionString
      .split(';')
      .filter(Boolean)
      .map((part) => part.split('=').map((text) => text.trim())),
  );
}

async function asAdmin(connectionString, sql) {
  const { Host, Port, Username, Password, Database } = partsOf(connectionString);
  const client = new pg.Client({
    host: Host,
    port: Number(Port ?? 5432),
    user: Username,
    password: Password,
    database: Database,
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The connection string of a role that may create databases. */
export function adminConnection() {
  const connectionString = process.env[variable];
  if (!connectionString) throw new Error(`Set ${variable}, or run the journeys with ops/test journeys.`);
  return connectionString;
}

/**
 * An empty database.
 * @param {string} admin
 * @returns {Promise<{connectionString: string, drop: () => Promise<void>}>}
 */
export async function newDatabase(admin) {
  const name = `journey_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(admin, `CREATE DATABASE ${name}`);
  return {
    connectionString: [
      ...admin.split(';').filter((part) => part && !/^database=/i.test(part.trim())),
      `Database=${name}`,
    ].join(';'),
    drop: () => asAdmin(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}
