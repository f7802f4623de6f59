import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';

/** PostgreSQL refuses to run as root. This user exists everywhere and owns nothing. */
const unprivilegedUser = 'nobody';
/** Where databases live whose data folder only root can enter (a checkout in /root). */
const sharedPlace = '/var/lib/chat-postgres';

const isRoot = () => process.getuid() === 0;
const idOf = (flag) => Number(execFileSync('id', [flag, unprivilegedUser], { encoding: 'utf8' }));

/** Whether the user can work in a folder, which needs the right to pass through all folders above it. */
function canUse(folder, { uid, gid }) {
  return spawnSync('test', ['-w', folder, '-a', '-x', folder], { cwd: '/', uid, gid }).status === 0;
}

function makeFor(folder, { uid, gid }) {
  mkdirSync(folder, { recursive: true });
  chownSync(folder, uid, gid);
  chmodSync(folder, 0o700);
}

/**
 * The folder for one database and the user that PostgreSQL runs as (null: whoever runs this script).
 * @param {string} wanted the folder where the database should be
 * @returns {{folder: string, user: {uid: number, gid: number} | null}}
 */
export function placeForPostgres(wanted) {
  if (!isRoot()) {
    mkdirSync(wanted, { recursive: true, mode: 0o700 });
    if (statSync(wanted).uid !== process.getuid())
      throw new Failure(
        `${wanted} belongs to another user: start as that user or as root, or choose another folder with --data.`,
      );
    return { folder: wanted, user: null };
  }
  // A database made by a person without root keeps its owner.
  const owner = existsSync(wanted) ? statSync(wanted) : { uid: 0, gid: 0 };
  const user = owner.uid === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : { uid: owner.uid, gid: owner.gid };

  const elsewhere = linkTarget(wanted);
  if (elsewhere === null) {
    makeFor(wanted, user);
    if (canUse(wanted, user)) return { folder: wanted, user };
    removeEmpty(wanted);
  }
  const folder = elsewhere ?? join(sharedPlace, createHash('sha256').update(wanted).digest('hex').slice(0, 12));
  mkdirSync(sharedPlace, { recursive: true });
  chmodSync(sharedPlace, 0o755);
  makeFor(folder, user);
  if (elsewhere === null) symlinkSync(folder, wanted);
  return { folder, user };
}

/** Data is never removed here: a folder with something in it was usable once, so a person has to look. */
function removeEmpty(folder) {
  try {
    rmdirSync(folder);
  } catch {
    throw new Failure(
      `PostgreSQL's user can no longer enter ${folder}: give it the right to pass through the folders above.`,
    );
  }
}

function linkTarget(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : null;
}

/** Removes a database's folder, also where it is kept elsewhere. @param {string} wanted */
export function removePlace(wanted) {
  const elsewhere = linkTarget(wanted);
  if (elsewhere !== null) rmSync(elsewhere, { recursive: true, force: true });
  rmSync(wanted, { recursive: true, force: true });
}
