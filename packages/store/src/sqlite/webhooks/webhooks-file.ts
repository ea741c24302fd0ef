import { chmodSync, closeSync, openSync } from 'node:fs';
import { connect, type Connection } from '../connection.ts';
import { migrate } from '../migrate.ts';
import { WEBHOOKS_MIGRATIONS } from './migrations/index.ts';

/**
 * Opens the file of webhooks. It holds secrets as they are, since they sign: it is its owner's alone (and so is what
 * SQLite keeps beside it, which takes the same mode), and what is deleted is overwritten.
 */
export const openWebhooks = (path: string): Connection => {
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  const connection = connect(path, { pageSize: 4096, synchronous: 'FULL' });
  try {
    connection.pragma('secure_delete = ON');
    connection.pragma('foreign_keys = ON');
    migrate(connection, WEBHOOKS_MIGRATIONS);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};
