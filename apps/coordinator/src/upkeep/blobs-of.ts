import type { JobSpec, Sha256 } from '@gossamer/protocol';

/** The blobs that a job names: whatever is not here is garbage to the collector. */
export const blobsOf = ({
  program,
  sourceMap,
  source,
}: Pick<JobSpec, 'program' | 'sourceMap' | 'source'>): Sha256[] => {
  const named = [program, ...(sourceMap === null ? [] : [sourceMap])];
  if ('blob' in source) named.push(source.blob);
  if (source.kind === 'split' && source.made !== undefined && 'blob' in source.made) named.push(source.made.blob);
  return named;
};
