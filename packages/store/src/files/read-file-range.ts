import { type FileHandle, open } from 'node:fs/promises';
import type { ByteRange } from '../blob-store.ts';

const CHUNK = 256 * 1024;

/** The next bytes of a range, as many as the file gives at once; throws where it ends before. */
const readSome = async (
  handle: FileHandle,
  path: string,
  into: Uint8Array,
  at: number,
  end: number,
): Promise<number> => {
  const { bytesRead } = await handle.read(into, 0, Math.min(into.byteLength, end - at), at);
  if (bytesRead === 0) throw new Error(`${path} ends at byte ${at}, before byte ${end}`);
  return bytesRead;
};

/** The bytes of a range of a file. The file is open only from the first chunk to the last, or to the consumer's `return`. */
export async function* readFileRange(path: string, { start, end }: ByteRange): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    for (let at = start; at < end;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK, end - at));
      const size = await readSome(handle, path, chunk, at, end);
      at += size;
      yield chunk.subarray(0, size);
    }
  } finally {
    await handle.close();
  }
}

/** The bytes of a range of a file in one piece, each read into its place. */
export const readWholeRange = async (path: string, { start, end }: ByteRange): Promise<Uint8Array> => {
  const bytes = new Uint8Array(end - start);
  const handle = await open(path, 'r');
  try {
    for (let at = start; at < end;) at += await readSome(handle, path, bytes.subarray(at - start), at, end);
    return bytes;
  } finally {
    await handle.close();
  }
};
