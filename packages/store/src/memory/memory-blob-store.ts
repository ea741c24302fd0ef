import { createHash } from 'node:crypto';
import { ProblemError, Sha256 } from '@gossamer/protocol';
import { checkedHash, checkedRange, checkMatch, checkSize } from '../blob-checks.ts';
import { MemoryParts } from './memory-parts.ts';
import type { BlobStore, ByteRange, StoredBlob } from '../blob-store.ts';

/** Blobs for tests: the contract, without the disk. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<Sha256, Uint8Array>();
  readonly parts = new MemoryParts((hash, content) => this.putIfAbsent(hash, content));
  readonly #storedAt = new Map<Sha256, number>();

  async putIfAbsent(
    hash: Sha256,
    content: AsyncIterable<Uint8Array>,
    limit = Infinity,
  ): Promise<{ size: number; created: boolean }> {
    checkedHash(hash);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of content) {
      size += chunk.byteLength;
      checkSize(size, limit);
      chunks.push(chunk.slice());
    }
    const bytes = new Uint8Array(Buffer.concat(chunks));
    checkMatch(hash, createHash('sha256').update(bytes).digest('hex'));
    const created = !this.#blobs.has(hash);
    this.#store(hash, bytes);
    return { size, created };
  }

  async add(bytes: Uint8Array): Promise<Sha256> {
    const hash = Sha256.parse(createHash('sha256').update(bytes).digest('hex'));
    this.#store(hash, bytes.slice());
    return hash;
  }

  async touch(hash: Sha256): Promise<boolean> {
    const isThere = this.#blobs.has(checkedHash(hash));
    if (isThere) this.#storedAt.set(hash, Date.now());
    return isThere;
  }

  async *list(): AsyncIterable<StoredBlob> {
    for (const [hash, { byteLength: size }] of this.#blobs) yield { hash, size, storedAt: this.#storedAt.get(hash)! };
  }

  async remove(hash: Sha256, mayGo: (storedAt: number) => boolean): Promise<boolean> {
    const storedAt = this.#storedAt.get(checkedHash(hash));
    if (storedAt === undefined || !mayGo(storedAt)) return false;
    this.#storedAt.delete(hash);
    return this.#blobs.delete(hash);
  }

  async stat(hash: Sha256): Promise<{ size: number } | null> {
    const bytes = this.#blobs.get(checkedHash(hash));
    return bytes === undefined ? null : { size: bytes.byteLength };
  }

  async get(hash: Sha256, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | null> {
    const bytes = this.#blobs.get(checkedHash(hash));
    if (bytes === undefined) return null;
    const { start, end } = checkedRange(range, bytes.byteLength);
    return once(bytes.slice(start, end));
  }

  async read(hash: Sha256, range: ByteRange): Promise<Uint8Array> {
    const bytes = this.#blobs.get(checkedHash(hash));
    if (bytes === undefined) throw new ProblemError('blob-unknown', hash);
    const { start, end } = checkedRange(range, bytes.byteLength);
    return bytes.slice(start, end);
  }

  #store(hash: Sha256, bytes: Uint8Array): void {
    if (!this.#blobs.has(hash)) this.#blobs.set(hash, bytes);
    this.#storedAt.set(hash, Date.now());
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  if (bytes.byteLength > 0) yield bytes;
}
