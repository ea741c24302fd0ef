import type { JobSpec, Sha256 } from '@gossamer/protocol';

/** The blobs that a job names: whatever is not here is garbage to the collector. */
export const blobsOf = ({ program, source }: Pick<JobSpec, 'program' | 'source'>): Sha256[] =>
  'blob' in source ? [program, source.blob] : [program];
