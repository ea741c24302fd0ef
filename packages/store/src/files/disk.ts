import { open } from 'node:fs/promises';
import { ProblemError } from '@gossamer/protocol';

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** ProblemError `storage-full` for an error that says so; any other error as it is. */
export const asProblem = (error: unknown): unknown =>
  ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '') ? new ProblemError('storage-full') : error;

/** Makes the names within a directory durable. Windows cannot open a directory, and needs none of this. */
export const syncDirectory = async (directory: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
