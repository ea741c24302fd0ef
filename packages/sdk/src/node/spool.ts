import type { Sha256 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Chunks, Content } from '../index.ts';
import { fileContent } from './file.ts';

/** Writes a stream to a temporary file, because its name is known only at its end; `release` removes it. */
export const spool = async (chunks: Chunks): Promise<Content> => {
  const folder = await mkdtemp(join(tmpdir(), 'gossamer-'));
  const release = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'upload');
    const hash = createHash('sha256');
    let size = 0;
    await pipeline(async function* () {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.byteLength;
        yield chunk;
      }
    }, createWriteStream(path));
    return { ...fileContent(path, hash.digest('hex') as Sha256, size), release };
  } catch (error) {
    await release();
    throw error;
  }
};
