import type { KeyView } from '@gossamer/protocol';
import { type Command, InvalidArgumentError } from 'commander';

export interface QuotaFlags {
  quotaBlobMb?: number | null;
  quotaJobs?: number | null;
  quotaUnits?: number | null;
}

const MB = 1024 * 1024;

/** A number, or `none`, which is null. */
const count = (text: string): number | null => {
  const value = Number(text);
  if (text === 'none') return null;
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('expected a number, or none.');
  return value;
};

export const addQuotaFlags = (command: Command): Command =>
  command
    .option('--quota-blob-mb <n>', 'MiB of blobs that it may have; none: any number', count)
    .option('--quota-jobs <n>', 'open jobs that it may have', count)
    .option('--quota-units <n>', 'units in open jobs that it may have', count);

/** What is not said is left to the grid's default. */
export const quotaOf = ({ quotaBlobMb, quotaJobs, quotaUnits }: QuotaFlags): KeyView['quota'] => ({
  ...(quotaBlobMb === undefined ? {} : { blobBytes: quotaBlobMb === null ? null : quotaBlobMb * MB }),
  ...(quotaJobs === undefined ? {} : { openJobs: quotaJobs }),
  ...(quotaUnits === undefined ? {} : { units: quotaUnits }),
});
