import type { CreateParts } from '../service/create-job.ts';
import type { BatchParts } from './batch-service.ts';
import { BatchService } from './batch-service.ts';
import type { CreateBatchParts } from './create-batch.ts';

type Parts = Omit<BatchParts, 'create'> & { create: CreateParts } & Pick<CreateBatchParts, 'admit' | 'discard'>;

/** Puts the room together. */
export const openBatches = ({ create, admit, discard, ...parts }: Parts): BatchService => {
  let last = 0;
  const nextBatch = (): number => (last = Math.max(last, parts.grid.state.lastBatch) + 1);
  return new BatchService({ ...parts, create: { ...create, admit, discard, nextBatch } });
};
