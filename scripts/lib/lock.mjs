import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A lock without a readable owner is being written right now, or its writer died in that instant. */
const NEWBORN_MS = 10_000;
const POLL_MS = 250;

/** A number may be given to another process after a restart of the machine; no set-up takes that long. */
const OLD_MS = 2 * 60 * 60_000;

/** Whether a process runs. One that ended but was not collected by its parent (a zombie) does not. */
export const alive = (pid) => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
};

const take = (path) => {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
};

/** Who holds the lock: its pid, or null when nobody does any more. `undefined`: not to be told yet. */
const holder = (path) => {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    const age = Date.now() - statSync(path).mtimeMs;
    if (Number.isInteger(pid) && pid > 0) return age < OLD_MS && alive(pid) ? pid : null;
    return age > NEWBORN_MS ? null : undefined;
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Takes a dead owner's lock out of the way. Moving it first makes one of several waiters the one that removes it: the
 * others find nothing to move. A lock that was taken anew in between is put back.
 */
const clear = (path) => {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    if (holder(aside) !== null) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
};

/**
 * Runs `work` while no other process runs under the lock file `path`; waits for as long as its owner lives.
 * `waiting` is called once, with the owner's pid, when there is somebody to wait for.
 */
export const withLock = async (path, work, waiting = (_pid) => {}) => {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    const owner = holder(path);
    if (owner === null) clear(path);
    else {
      if (owner !== undefined && !told) {
        told = true;
        waiting(owner);
      }
      await sleep(POLL_MS);
    }
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
};
