import type { Sha256 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { AskedContent, Content } from '../index.ts';
import { errorOf } from '../error-kinds.ts';

/** A file's content for `lines`, `bytesOf`, `bands` or `blobs.put`: read in passing, never held in memory. */
export const file = (path: string | URL): AskedContent => Object.assign(() => read(path), { path: String(path) });

const read = async (path: string | URL): Promise<Content> => {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) {
    throw errorOf('usage', found === null ? `there is no file ${String(path)}` : `${String(path)} is no file`);
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return fileContent(path, hash.digest('hex') as Sha256, found.size);
};

export const fileContent = (path: string | URL, sha256: Sha256, size: number): Content => ({
  sha256,
  size,
  open: (from = 0, to = size) => {
    // A stream of files ends with a byte, not before one.
    if (from >= to) return new Uint8Array(0);
    return Readable.toWeb(createReadStream(path, { start: from, end: to - 1 })) as ReadableStream<
      Uint8Array<ArrayBuffer>
    >;
  },
});
