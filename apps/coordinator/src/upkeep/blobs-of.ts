import type { Job } from '@gossamer/core';
import type { JobSpec, Sha256 } from '@gossamer/protocol';

/** The blobs that a job's spec names. */
export const blobsOf = ({
  program,
  sourceMap,
  source,
  data,
  dataChunks,
}: Pick<JobSpec, 'program' | 'sourceMap' | 'source' | 'data' | 'dataChunks'>): Sha256[] => {
  const named = [program, ...(sourceMap === null ? [] : [sourceMap])];
  named.push(...Object.values(data), ...Object.values(dataChunks));
  if ('blob' in source) named.push(source.blob);
  if (source.kind === 'split' && source.made !== undefined && 'blob' in source.made) named.push(source.made.blob);
  return named;
};

/** The blobs that a job needs: whatever no job has here is garbage to the collector. */
export const blobsOfJob = ({ spec, intake }: Pick<Job, 'spec' | 'intake'>): Sha256[] => {
  const named = blobsOf(spec.full);
  for (const { blob } of intake?.pieces ?? []) named.push(blob);
  return named;
};
