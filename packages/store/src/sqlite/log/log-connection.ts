import { asFull, connect, type Connection, saysDamaged } from '../connection.ts';
import { damaged } from './damaged.ts';
import type { LogThreadData } from './messages.ts';

/**
 * When nobody else checkpoints, SQLite does it in the middle of a commit; from this size on, so that it happens only
 * when the reader's thread cannot keep up.
 */
const LAST_RESORT_BYTES = 512 * 1024 * 1024;

/** Opens the log's database; throws LogDamaged when the file is none, StorageFull when there is no room to open it. */
export const connectLog = ({ path, pageSize, maxPages }: LogThreadData): Connection => {
  try {
    const connection = connect(path, { pageSize, synchronous: 'FULL', shrinks: true });
    connection.pragma(`wal_autocheckpoint = ${LAST_RESORT_BYTES / pageSize}`);
    connection.pragma('journal_size_limit = 67108864');
    if (maxPages > 0) connection.pragma(`max_page_count = ${maxPages}`);
    return connection;
  } catch (error) {
    throw asDamaged(asFull(error, path), path, 'it is no log');
  }
};

/** LogDamaged for an error in which SQLite says so; any other error as it is. */
export const asDamaged = (error: unknown, path: string, what: string): unknown =>
  saysDamaged(error) ? damaged(path, `${what} (${(error as Error).message})`) : error;
