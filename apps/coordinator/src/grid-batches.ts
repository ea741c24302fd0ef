import type { BatchChanged, BatchCreated, BatchId, BatchSpec, BatchView, Page } from '@gossamer/protocol';
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
  /** Orders to all of its jobs for which they mean something. */
  hold(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged>;
  release(caller: Caller, id: BatchId): Promise<BatchChanged>;
  cancel(caller: Caller, id: BatchId, reason: string): Promise<BatchChanged>;
}
