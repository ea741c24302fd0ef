import type { Job } from '@gossamer/core';

/** Which units a job has, in words. */
export const unitsThere = ({ total }: Job): string =>
  total === 0 ? 'the job has no unit yet' : `the job's units are numbered from 0 to ${total - 1}`;
