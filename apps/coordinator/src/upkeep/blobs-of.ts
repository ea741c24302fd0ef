import type { JobSpec, Sha256 } from '@gossamer/protocol';

/** The blobs that a job names: whatever is not here is garbage to the collector. */
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
