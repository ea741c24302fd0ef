import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory } from '../files/disk.ts';
import { makePrivate } from '../files/private-files.ts';
import { FileBlobStore } from '../files/file-blob-store.ts';
import type { Stores } from '../stores.ts';
import { type SqliteLogOptions, SqliteLogStore } from './log/sqlite-log-store.ts';
import { SqliteReadModel } from './reads/sqlite-read-model.ts';
import { SqliteWebhookStore } from './webhooks/sqlite-webhook-store.ts';

export interface SqliteStoresOptions {
  log?: SqliteLogOptions;
}

/**
 * Opens or makes a data directory: `log.db`, `reads.db`, `webhooks.db`, `blobs/`. The log's lock guards all of it: throws StoreInUse
 * when another process has it open, SchemaTooNew when a newer program wrote it, LogDamaged when the log is no database,
 * StorageFull when there is no room to open it.
 */
export const openSqliteStores = async (directory: string, options: SqliteStoresOptions = {}): Promise<Stores> => {
  // The log holds secrets of the grid: the directory is its owner's alone.
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncDirectory(dirname(made));
  const exposed = await makePrivate(directory);
  const log = await SqliteLogStore.open(join(directory, 'log.db'), options.log);
  try {
    const blobs = await FileBlobStore.open(join(directory, 'blobs'));
    const reads = await SqliteReadModel.open(join(directory, 'reads.db'));
    const webhooks = await SqliteWebhookStore.open(join(directory, 'webhooks.db')).catch(async (error: unknown) => {
      await reads.close();
      throw error;
    });
    const close = async () => {
      await webhooks.close();
      await reads.close();
      await log.close();
    };
    return { log, blobs, reads, webhooks, exposed, close };
  } catch (error) {
    await log.close();
    throw error;
  }
};
