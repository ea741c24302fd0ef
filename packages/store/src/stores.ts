import type { BlobStore } from './blob-store.ts';
import type { Exposure } from './files/private-files.ts';
import type { LogStore } from './log-store.ts';
import type { ReadModel } from './read-model.ts';
import type { WebhookStore } from './webhook-store.ts';

/** What a coordinator keeps its state in. */
export interface Stores {
  log: LogStore;
  blobs: BlobStore;
  reads: ReadModel;
  webhooks: WebhookStore;
  /** What of it other users of the machine may get at. */
  exposed: readonly Exposure[];
  /** Waits for what is under way, then lets go of files, threads and the lock. */
  close(): Promise<void>;
}
