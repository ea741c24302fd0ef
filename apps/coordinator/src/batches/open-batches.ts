import type { JobSpec } from '@gossamer/protocol';
import type { Caller } from '../caller.ts';
import type { CreateParts } from '../service/create-job.ts';
import type { SigningService } from '../service/signing-service.ts';
import type { BatchParts } from './batch-service.ts';
import { BatchService } from './batch-service.ts';
import type { CreateBatchParts } from './create-batch.ts';

type Parts = Omit<BatchParts, 'create'> & { create: CreateParts; signing: Pick<SigningService, 'recheck'> } & Pick<
    CreateBatchParts,
    'admit' | 'discard'
  >;

/** Puts the room together. */
export const openBatches = ({ create, admit, discard, signing, ...parts }: Parts): BatchService => {
  let last = 0;
  const nextBatch = (): number => (last = Math.max(last, parts.grid.state.lastBatch) + 1);
  /** A signer may have been revoked meanwhile. */
  const recheck = async (caller: Caller, specs: readonly JobSpec[]): Promise<void> => {
    const signers = new Map(specs.map((spec) => [spec.signature?.signer, spec]));
    for (const spec of signers.values()) await signing.recheck(caller, spec);
  };
  return new BatchService({
    ...parts,
    create: { ...create, admit, recheck, discard, nextBatch, pins: parts.pins },
  });
};
