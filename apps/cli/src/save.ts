import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Cli } from './cli.ts';
import { UsageError } from './exit-code.ts';

/** Throws UsageError where bytes would go to standard output that is to be JSON. */
export const requireFile = (cli: Cli, path: string): void => {
  if (cli.json && path === '-') throw new UsageError('--json needs --output FILE: these bytes are no JSON');
};

/**
 * Writes bytes to standard output (`-`), or to a file, which is there only when all of them came. Gives how many they
 * were.
 */
export const save = async (cli: Cli, bytes: AsyncIterable<Uint8Array>, path: string): Promise<number> => {
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.byteLength;
      yield chunk;
    }
  }
  if (path === '-') {
    for await (const chunk of counted()) await cli.out.write(chunk);
    return size;
  }
  const partial = `${path}.part`;
  try {
    await pipeline(counted(), createWriteStream(partial));
    await rename(partial, path);
    return size;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
};

/** Saves an archive; says which file it is, and how large. */
export const saveArchive = async (cli: Cli, bytes: AsyncIterable<Uint8Array>, path: string): Promise<void> => {
  const size = await save(cli, bytes, path);
  if (path === '-') return;
  cli.say(`${path} is written: ${size.toLocaleString('en')} bytes`);
  await cli.show({ file: path, bytes: size }, ({ file }) => file);
};
