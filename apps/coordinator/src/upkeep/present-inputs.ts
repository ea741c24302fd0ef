import type { Job } from '@gossamer/core';
import type { UnitInput } from '@gossamer/protocol';
import { Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Sources } from '../sources/sources.ts';

const isInline = ({ kind }: UnitInput): boolean => kind === 'inline';

/**
 * The inputs of units, in order. Those that are slices are there, and stay for a while: one that was cut long ago, and
 * collected as nobody had asked for it since, is cut again.
 */
export const presentInputs = async (
  sources: Sources,
  blobs: BlobStore,
  job: Job,
  units: readonly number[],
): Promise<UnitInput[]> => {
  const read = async (): Promise<UnitInput[]> => (await sources.of(job)).inputs(units);
  const inputs = await read();
  if (inputs.every(isInline)) return inputs;
  const isThere = await Promise.all(
    inputs.map(async (input) =>
      input.kind === 'inline' ? true : blobs.touch(Sha256.parse(Buffer.from(input.sha256).toString('hex'))),
    ),
  );
  if (!isThere.includes(false)) return inputs;
  // What is remembered of the source names slices that are gone.
  sources.forget(job.number);
  return read();
};
