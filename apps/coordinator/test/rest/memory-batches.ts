import type { BatchChanged, BatchCreated, BatchView, JobId, Page } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { GridBatches } from '../../src/grid-batches.ts';

/** The contract of GridBatches where there are none. */
export class MemoryBatches implements GridBatches {
  async create(): Promise<{ created: BatchCreated; replayed: boolean }> {
    throw new ProblemError('blob-unknown');
  }

  list(): Page<BatchView> {
    return { items: [], next: null };
  }

  get(): BatchView {
    throw new ProblemError('batch-unknown');
  }

  version(): string {
    throw new ProblemError('batch-unknown');
  }

  jobs(): readonly JobId[] {
    throw new ProblemError('batch-unknown');
  }

  watch(): () => void {
    throw new ProblemError('batch-unknown');
  }

  async hold(): Promise<BatchChanged> {
    throw new ProblemError('batch-unknown');
  }

  async release(): Promise<BatchChanged> {
    throw new ProblemError('batch-unknown');
  }

  async cancel(): Promise<BatchChanged> {
    throw new ProblemError('batch-unknown');
  }
}
