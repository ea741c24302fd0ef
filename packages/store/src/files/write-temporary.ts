import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { checkSize } from '../blob-checks.ts';

export interface Written {
  size: number;
  /** SHA-256 in hexadecimal. */
  digest: string;
}

/** Hashes a stream while `write` takes its chunks one by one; throws `body-too-large` over `limit` bytes. */
export const hashStream = async (
  content: AsyncIterable<Uint8Array>,
  limit: number,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<Written> => {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    size += chunk.byteLength;
    checkSize(size, limit);
    hash.update(chunk);
    await write(chunk);
  }
  return { size, digest: hash.digest('hex') };
};

/** Writes a stream into a new file; when it resolves, the bytes are on disk. */
export const writeTemporary = async (
  path: string,
  content: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<Written> => {
  const handle = await open(path, 'wx');
  try {
    const written = await hashStream(content, limit, (chunk) => handle.appendFile(chunk));
    await handle.sync();
    return written;
  } finally {
    await handle.close();
  }
};

/** Writes bytes into a new file; when it resolves with their number, they are on disk. */
export const writeWhole = async (path: string, bytes: Uint8Array): Promise<number> => {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
    return bytes.byteLength;
  } finally {
    await handle.close();
  }
};
