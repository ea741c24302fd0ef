import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Cli } from './cli.ts';
import { UsageError } from './exit-code.ts';

/** Throws UsageError where bytes would go to standard output that is to be JSON. */
export const requireFile = (cli: Cli, path: string): void => {
  if (cli.json && path === '-') throw new UsageError('--json needs --output FILE: these bytes are no JSON');
};

/** Writes bytes to standard output (`-`), or to a file, which is there only when all of them came. */
export const save = async (cli: Cli, bytes: AsyncIterable<Uint8Array>, path: string): Promise<void> => {
  if (path === '-') {
    for await (const chunk of bytes) await cli.out.write(chunk);
    return;
  }
  const partial = `${path}.part`;
  try {
    await pipeline(bytes, createWriteStream(partial));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
};
