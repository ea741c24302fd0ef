import type { Sha256 } from '@gossamer/protocol';
import { chunksOf, LIMITS } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { Memo } from '../memo.ts';

const LISTS = 256;
/** Chunks that are read at a time: hashing is done in threads of Node's pool. */
const READERS = 4;
const HASH_BYTES = 32;

/**
 * For blobs that are longer than a chunk, blobs that hold the SHA-256 of their chunks one after another. By such a list,
 * whose own hash comes with a job's card, a tab checks a part of a blob without the rest of it (docs/adr/0043).
 */
export class ChunkLists {
  readonly #blobs: BlobStore;
  readonly #lists = new Memo<Sha256, Sha256>(LISTS);

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  /** The list's name, and it is there; null where the blob is one chunk, whose hash is the blob's name. */
  async of(blob: Sha256, size: number): Promise<Sha256 | null> {
    if (size <= LIMITS.dataChunk) return null;
    const known = await this.#lists.get(blob, () => this.#make(blob, size));
    // One that no job names may have been collected meanwhile.
    return (await this.#blobs.touch(known)) ? known : this.#make(blob, size);
  }

  async #make(blob: Sha256, size: number): Promise<Sha256> {
    const count = chunksOf(size);
    const list = new Uint8Array(count * HASH_BYTES);
    let next = 0;
    const read = async (): Promise<void> => {
      for (let at = next++; at < count; at = next++) {
        const start = at * LIMITS.dataChunk;
        const chunk = await this.#blobs.read(blob, { start, end: Math.min(size, start + LIMITS.dataChunk) });
        const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(chunk));
        list.set(new Uint8Array(digest), at * HASH_BYTES);
      }
    };
    await Promise.all(Array.from({ length: READERS }, read));
    return this.#blobs.add(list);
  }
}
