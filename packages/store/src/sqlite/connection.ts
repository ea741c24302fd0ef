import Database from 'better-sqlite3';
import { StorageFull } from '../log-store.ts';

export type Connection = Database.Database;

export interface ConnectionOptions {
  /** Pages of a new file, bytes. */
  pageSize: number;
  /** FULL: every commit is on disk before it returns. NORMAL: a power cut may take the last commits, never the file. */
  synchronous: 'FULL' | 'NORMAL';
  /** Pages that become free in a new file can be given back to the file system (`PRAGMA incremental_vacuum`). */
  shrinks?: boolean;
}

/** How long a connection waits for a lock that another one holds, ms. */
export const BUSY_MS = 5_000;

/** Opens (or makes) a database in WAL mode. */
export const connect = (path: string, { pageSize, synchronous, shrinks = false }: ConnectionOptions): Connection => {
  const connection = new Database(path, { timeout: BUSY_MS });
  try {
    connection.pragma(`page_size = ${pageSize}`);
    if (shrinks) connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = WAL');
    connection.pragma(`synchronous = ${synchronous}`);
    // On macOS fsync alone leaves the bytes in the drive's cache; elsewhere this changes nothing.
    connection.pragma(`fullfsync = ${synchronous === 'FULL' ? 'ON' : 'OFF'}`);
    connection.pragma('temp_store = MEMORY');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

/** The code of an error that came from SQLite (`SQLITE_FULL`, `SQLITE_IOERR_FSYNC`), else an empty text. */
export const sqliteCode = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : '');

/** Whether SQLite found that the file is not what it wrote. */
export const saysDamaged = (error: unknown): boolean => /^SQLITE_(CORRUPT|NOTADB)/.test(sqliteCode(error));

/**
 * Whether SQLite says that there is no room. SHMSIZE: none for the index of the write-ahead log; outside of a commit
 * that means as much.
 */
const saysFull = (error: unknown): boolean => ['SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(sqliteCode(error));

/** StorageFull for an error outside of a commit that says so; any other error as it is. */
export const asFull = (error: unknown, path: string): unknown =>
  saysFull(error) ? new StorageFull(`there is no room left for ${path}`) : error;
