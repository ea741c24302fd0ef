import { GossamerError, type LargeResult, errorOf } from '@gossamer/sdk/node';
import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cli } from './cli.ts';
import { save } from './save.ts';

/** Tries to read one result: a download that breaks off begins anew. */
const TRIES = 3;

async function* checked(large: LargeResult): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of await large.stream()) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest('hex') !== large.sha256) {
    throw errorOf('unreachable', `what came as the result ${large.sha256.slice(0, 12)} is something else`);
  }
}

/**
 * Writes a large result to `UNIT.json`, or `UNIT.bin` where it is none, in a directory; gives the file. Nothing of it is kept in
 * memory, and the file is there only when its bytes are those of its name.
 */
export const saveLarge = async (cli: Cli, large: LargeResult, unit: number, directory: string): Promise<string> => {
  await mkdir(directory, { recursive: true });
  const file = join(directory, `${unit}.${large.encoding === 'json' ? 'json' : 'bin'}`);
  for (let tries = 1; ; tries++) {
    try {
      await save(cli, checked(large), file);
      return file;
    } catch (error) {
      if (tries === TRIES || !(error instanceof GossamerError) || !error.transient) throw error;
    }
  }
};
