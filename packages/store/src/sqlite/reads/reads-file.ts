import { rmSync } from 'node:fs';
import { SchemaTooNew } from '../../errors.ts';
import { connect, type Connection, saysDamaged } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { READS_MIGRATIONS } from './migrations/index.ts';

const open = (path: string): Connection => {
  const connection = connect(path, { pageSize: 8192, synchronous: 'NORMAL' });
  try {
    migrate(connection, READS_MIGRATIONS);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

/** Deletes the file and what SQLite keeps beside it. */
export const removeReads = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};

/** Opens the read model's file. One that cannot be read is deleted: everything in it comes again from the logs. */
export const openReads = (path: string): Connection => {
  try {
    return open(path);
  } catch (error) {
    if (!saysDamaged(error) && !(error instanceof SchemaTooNew)) throw error;
    removeReads(path);
    return open(path);
  }
};
