import type { KeyView } from '@gossamer/protocol';
import { type Command, InvalidArgumentError } from 'commander';

export interface QuotaFlags {
  quotaBlobMb?: number | 'none';
  quotaResultMb?: number | 'none';
  quotaJobs?: number | 'none';
  quotaUnits?: number | 'none';
}

const MB = 1024 * 1024;

/** A number, or `none`: the parser of arguments takes null for nothing. */
const count = (text: string): number | 'none' => {
  const value = Number(text);
  if (text === 'none') return text;
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('expected a number, or none.');
  return value;
};

export const addQuotaFlags = (command: Command): Command =>
  command
    .option('--quota-blob-mb <n>', 'MiB of blobs that it may have; none: any number', count)
    .option('--quota-result-mb <n>', 'MiB of results and errors that its jobs may keep', count)
    .option('--quota-jobs <n>', 'open jobs that it may have', count)
    .option('--quota-units <n>', 'units in open jobs that it may have', count);

const limitOf = (given: number | 'none', scale = 1): number | null => (given === 'none' ? null : given * scale);

/** What is not said is left to the grid's default. */
export const quotaOf = ({ quotaBlobMb, quotaResultMb, quotaJobs, quotaUnits }: QuotaFlags): KeyView['quota'] => ({
  ...(quotaBlobMb === undefined ? {} : { blobBytes: limitOf(quotaBlobMb, MB) }),
  ...(quotaResultMb === undefined ? {} : { resultBytes: limitOf(quotaResultMb, MB) }),
  ...(quotaJobs === undefined ? {} : { openJobs: limitOf(quotaJobs) }),
  ...(quotaUnits === undefined ? {} : { units: limitOf(quotaUnits) }),
});
