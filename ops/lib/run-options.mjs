import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';
import { inRepository } from './paths.mjs';

const defaultPort = 5080;

export const help = `Builds and runs the chat server, with a PostgreSQL of its own where none is configured.

  ops/run [options]

  --port NUMBER      port of the web page and the API (${defaultPort})               CHAT_PORT
  --data FOLDER      where everything is kept (.data in this repository)  CHAT_DATA
  --pg-port NUMBER   port of the embedded PostgreSQL (a free one)         CHAT_PG_PORT
  --reset            deletes all data, after asking
  --yes              does not ask
  --help             shows this

Each option can be given in the environment as well, by the name on the right.

Settings of the server, from the environment:
  CHAT__DATABASE     a PostgreSQL of your own (Npgsql connection string); then no embedded one is started
  CHAT__MASTERKEY    the key that protects personal data (base64 of 32 bytes); made and kept in the data folder
                     where not given: back that folder up
  CHAT__SERVERNAME   the name that people see
  CHAT__PUBLICURL    where people find the server, for links in mails (http://localhost and the port)
  CHAT__SMTP__HOST   the server that mails go out through; also …__PORT (587), …__TLS (true), …__USERNAME,
                     …__PASSWORD and …__FROM. Without it no mails are sent
  CHAT__BACKPLANE    how several nodes of a server hear of each other: postgres (default), redis (with CHAT__REDIS,
                     such as 127.0.0.1:6379) or inprocess
  CHAT__RATELIMITSCALE   multiplies all rate limits (1); 10 for an office behind one address
  CHAT__TRUSTEDPROXIES   addresses or networks, by commas, whose X-Forwarded-For is believed

Ctrl-C stops everything; the data stays.
`;

const definitions = {
  port: { type: 'string' },
  data: { type: 'string' },
  'pg-port': { type: 'string' },
  reset: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
};

function portNumber(text, name) {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > 65535)
    throw new Failure(`${name} is a number from 1 to 65535, not "${text}".`);
  return Number(text);
}

/**
 * The command line, completed by the environment.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export function runOptions(args, environment) {
  const given = parse(args);
  const pgPort = given['pg-port'] || environment.CHAT_PG_PORT;
  const options = {
    port: portNumber(given.port || environment.CHAT_PORT || String(defaultPort), 'The port'),
    pgPort: pgPort ? portNumber(pgPort, "PostgreSQL's port") : 0,
    data: resolve(given.data || environment.CHAT_DATA || inRepository('.data')),
    reset: given.reset,
    yes: given.yes,
    help: given.help,
  };
  if (options.port === options.pgPort) throw new Failure('The server and PostgreSQL need different ports.');
  return options;
}

function parse(args) {
  try {
    return parseArgs({ args, options: definitions, allowPositionals: false }).values;
  } catch (error) {
    throw new Failure(`${error.message.split('. ')[0]}. ops/run --help shows the options.`);
  }
}
