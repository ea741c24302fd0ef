import Database from 'better-sqlite3';
import { StoreInUse } from '../errors.ts';
import { asFull, sqliteCode } from './connection.ts';

/**
 * Holds `path` for one owner among all processes (and within this one): a transaction, never ended, on an SQLite file
 * that is there for nothing else. The operating system drops the lock with the process, however that ends, so an owner
 * that was killed blocks nobody. Throws StoreInUse when another one holds it. Returns the way to let go.
 */
export const lockOwnership = (path: string): (() => void) => {
  const lock = new Database(path, { timeout: 0 });
  try {
    // In memory, because the transaction never writes: there is nothing that a journal on disk could bring back.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if (!sqliteCode(error).startsWith('SQLITE_BUSY')) throw asFull(error, path);
    throw new StoreInUse(`${path} is locked: another coordinator is running on this data directory; stop it first`);
  }
  return () => lock.close();
};
