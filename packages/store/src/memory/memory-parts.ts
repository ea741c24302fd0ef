import type { Sha256 } from '@gossamer/protocol';
import { checkSize } from '../blob-checks.ts';
import type { BlobPart, BlobParts, PartKey } from '../blob-parts.ts';

const nameOf = ({ owner, hash }: PartKey): string => `${hash}.${owner}`;

/** Parts for tests: the contract, without the disk. */
export class MemoryParts implements BlobParts {
  readonly #parts = new Map<string, BlobPart & { chunks: Uint8Array[] }>();
  readonly #put: (hash: Sha256, content: AsyncIterable<Uint8Array>) => Promise<{ size: number; created: boolean }>;

  constructor(put: (hash: Sha256, content: AsyncIterable<Uint8Array>) => Promise<{ size: number; created: boolean }>) {
    this.#put = put;
  }

  async begin(key: PartKey, length: number): Promise<BlobPart> {
    const known = this.#parts.get(nameOf(key));
    if (known?.length === length) return told(known);
    const part = { ...key, length, offset: 0, touchedAt: Date.now(), chunks: [] };
    this.#parts.set(nameOf(key), part);
    return told(part);
  }

  async find(key: PartKey): Promise<BlobPart | null> {
    const part = this.#parts.get(nameOf(key));
    return part === undefined ? null : told(part);
  }

  async append(key: BlobPart, content: AsyncIterable<Uint8Array>): Promise<number> {
    const part = this.#parts.get(nameOf(key))!;
    for await (const chunk of content) {
      checkSize(part.offset + chunk.byteLength, part.length);
      part.chunks.push(chunk.slice());
      part.offset += chunk.byteLength;
      part.touchedAt = Date.now();
    }
    return part.offset;
  }

  async finish(key: BlobPart): Promise<{ size: number; created: boolean }> {
    const { chunks } = this.#parts.get(nameOf(key))!;
    this.#parts.delete(nameOf(key));
    return this.#put(key.hash, all(chunks));
  }

  async drop(key: PartKey): Promise<void> {
    this.#parts.delete(nameOf(key));
  }

  async list(): Promise<BlobPart[]> {
    return [...this.#parts.values()].map(told);
  }
}

const told = ({ chunks: _, ...part }: BlobPart & { chunks: Uint8Array[] }): BlobPart => part;

async function* all(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
