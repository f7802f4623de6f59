import { randomBytes } from 'node:crypto';
import { Failure } from './failure.mjs';
import { readIfThere, writeWhole } from './files.mjs';

const masterKeyBytes = 32;

/**
 * The secrets of an installation, made once and kept beside its data, readable for the owner only.
 * @param {string} path
 * @param {boolean} dataExists whether there is data that only the old secrets open
 * @returns {{superuserPassword: string, serverPassword: string, masterKey: string}}
 */
export function secretsAt(path, dataExists) {
  const text = readSecrets(path);
  if (text !== null) {
    const secrets = JSON.parse(text);
    if (Buffer.from(secrets.masterKey ?? '', 'base64').length !== masterKeyBytes)
      throw new Failure(`${path} is damaged: bring it back from a backup.`);
    return secrets;
  }
  if (dataExists)
    throw new Failure(
      `${path} is gone, and without it the data cannot be read. Bring it back from a backup, or use --reset.`,
    );
  const secrets = {
    superuserPassword: randomBytes(24).toString('hex'),
    serverPassword: randomBytes(24).toString('hex'),
    masterKey: randomBytes(masterKeyBytes).toString('base64'),
  };
  writeWhole(path, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

function readSecrets(path) {
  try {
    return readIfThere(path);
  } catch (error) {
    if (error.code === 'EACCES') throw new Failure(`${path} belongs to another user: start as that user or as root.`);
    throw error;
  }
}
