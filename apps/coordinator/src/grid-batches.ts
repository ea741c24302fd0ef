import type { BatchChanged, BatchCreated, BatchId, BatchSpec, BatchView, JobId, Page } from '@gossamer/protocol';
import type { Caller, PageRequest } from './caller.ts';

/**
 * What REST sees of batches. As `Grid`: every method throws ProblemError, and submitters touch only their own (another's
 * is `batch-unknown`).
 */
export interface GridBatches {
  /** As `Grid.createJob`, for many jobs: all or none. */
  create(
    caller: Caller,
    spec: BatchSpec,
    idempotencyKey: string | null,
  ): Promise<{ created: BatchCreated; replayed: boolean }>;
  /** Newest first. */
  list(caller: Caller, page: PageRequest): Page<BatchView>;
  get(caller: Caller, id: BatchId): BatchView;
  /** Of two states of the batch the same only where nothing that is kept of its jobs happened in between. */
  version(caller: Caller, id: BatchId): string;
  /** Its jobs that were not deleted, in the order in which they were given. */
  jobs(caller: Caller, id: BatchId): readonly JobId[];
  /** Calls `listener` after changes of its jobs, not for each of them, until what it gives is called. */
  watch(caller: Caller, id: BatchId, listener: () => void): () => void;
  /** Orders to all of its jobs for which they mean something. */
  hold(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged>;
  release(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged>;
  cancel(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged>;
}
