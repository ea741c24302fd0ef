import { chmod, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from './disk.ts';

/** Something of the data directory that other users of the machine may get at, and why that could not be changed. */
export interface Exposure {
  path: string;
  /** As in `ls -l`, octal. */
  mode: string;
  why: string;
}

const GROUP_AND_OTHERS = 0o077;
const STICKY = 0o1000;

/** What a data directory has in it; and what lies in the root of a disk, or is hidden. */
const OURS = /^(log\.db(-wal|-shm|\.lock)?|(reads|webhooks)\.db(-wal|-shm)?|blobs|lost\+found|\..*)$/;

/** Made before SQLite makes them, by whatever the umask is; it gives files that it puts beside them the same mode. */
const MADE = ['log.db', 'log.db.lock', 'reads.db', 'webhooks.db'];
const BESIDE = ['log.db', 'reads.db', 'webhooks.db'].flatMap((name) => [`${name}-wal`, `${name}-shm`]);

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, '0');

/** Takes from others what they may do; null when they may do nothing afterwards, or nothing is there. */
const tighten = async (path: string, mode: number, hindrance: string | null): Promise<Exposure | null> => {
  try {
    const found = await stat(path);
    if ((found.mode & GROUP_AND_OTHERS) === 0) return null;
    const exposed = (why: string): Exposure => ({ path, mode: octal(found.mode), why });
    if (found.uid !== process.getuid!()) return exposed('it is owned by another user');
    if (hindrance !== null) return exposed(hindrance);
    await chmod(path, mode);
    // There are file systems that take a mode and keep none.
    const isKept = ((await stat(path)).mode & GROUP_AND_OTHERS) === 0;
    return isKept ? null : exposed('the file system keeps no modes');
  } catch (error) {
    if (isMissing(error)) return null;
    return { path, mode: 'unknown', why: error instanceof Error ? error.message : String(error) };
  }
};

/**
 * Makes an empty file, which SQLite takes for a new database. One that is there is not opened: to close it again would
 * drop the locks that a store of this process has on it. Where it cannot be made, SQLite says why.
 */
const make = async (path: string): Promise<void> => {
  const made = await open(path, 'wx', 0o600).catch(() => null);
  await made?.close();
};

const hindranceOf = async (directory: string): Promise<string | null> => {
  const strangers = (await readdir(directory)).filter((name) => !OURS.test(name));
  if (strangers.length > 0) return `it holds other things than this grid's, such as ${strangers[0]}`;
  return ((await stat(directory)).mode & STICKY) === 0 ? null : 'it is one that users share';
};

/**
 * Makes a data directory, with what is in it, its owner's alone (0700, files 0600). A directory that holds other things
 * too, is shared, or is another user's is left as it is: gives what others may get at still. To be called before SQLite
 * opens its files, as SQLite makes those beside them alike. On Windows access is not a matter of modes: nothing is done.
 */
export const makePrivate = async (directory: string): Promise<Exposure[]> => {
  if (process.platform === 'win32') return [];
  const exposed = [await tighten(directory, 0o700, await hindranceOf(directory))];
  for (const name of MADE) await make(join(directory, name));
  for (const name of [...MADE, ...BESIDE]) exposed.push(await tighten(join(directory, name), 0o600, null));
  exposed.push(await tighten(join(directory, 'blobs'), 0o700, null));
  return exposed.filter((exposure) => exposure !== null);
};
