import type { Stores } from '../stores.ts';
import { MemoryBlobStore } from './memory-blob-store.ts';
import { MemoryLogStore } from './memory-log-store.ts';
import { MemoryReadModel } from './memory-read-model.ts';
import { MemoryWebhookStore } from './memory-webhook-store.ts';

/** Stores for tests, empty at first. */
export const openMemoryStores = (): Stores => {
  const log = new MemoryLogStore();
  const reads = new MemoryReadModel();
  const webhooks = new MemoryWebhookStore();
  const close = async () => {
    await log.close();
    await reads.close();
    await webhooks.close();
  };
  return { log, blobs: new MemoryBlobStore(), reads, webhooks, exposed: [], close };
};
