import { open } from 'node:fs/promises';
import type { ByteRange } from '../blob-store.ts';

const CHUNK = 256 * 1024;

/** The bytes of a range of a file. The file is open only from the first chunk to the last, or to the consumer's `return`. */
export async function* readFileRange(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    for (let position = start; position < end;) {
      const chunk = new Uint8Array(Math.min(CHUNK, end - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.byteLength, position);
      if (bytesRead === 0) throw new Error(`${path} ends at byte ${position}, before byte ${end}`);
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
