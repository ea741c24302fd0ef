import { type CardData, LIMITS } from '@gossamer/protocol';
import { BlobMismatch, fetchBlob, fetchPart, hex } from '../blobs.ts';
import type { ChunkCache } from './chunk-cache.ts';

/** Chunks that are kept in memory besides, for programs that read little here and there. */
const IN_MEMORY = 32;
/** Chunks that lie one after another are asked for together, so many at the most. */
const TOGETHER = 8;
const HASH_BYTES = 32;

const sha256Of = async (bytes: ArrayBuffer): Promise<string> =>
  hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));

/**
 * The chunks of shared blobs: from memory, from the device, or from the coordinator, and whoever asks for one that is on
 * its way shares it. Whatever comes from the network or from the device is held against the SHA-256 that the blob's list
 * has for it, and the list against the one that the job's card has: no proxy, and no cache, can put in other bytes.
 */
export class Chunks {
  readonly #cache: ChunkCache;
  readonly #coming = new Map<string, Promise<ArrayBuffer>>();
  readonly #recent = new Map<string, ArrayBuffer>();
  readonly #lists = new Map<string, Promise<string[]>>();

  constructor(cache: ChunkCache) {
    this.#cache = cache;
  }

  /** Chunks `first` up to, but without, `end`: shared, so not to be changed. Rejects with BlobError. */
  async get(blob: CardData, first: number, end: number): Promise<ArrayBuffer[]> {
    const hashes = await this.#hashes(blob);
    const places = Array.from({ length: end - first }, (_, n) => first + n);
    const kept = await Promise.all(places.map((at) => this.#kept(blob, hashes, at)));
    // Some may have come for somebody else while the device was asked.
    const found = kept.map((chunk, n) => chunk ?? this.#recent.get(keyOf(blob, places[n]!)));
    this.#fetchAll(
      blob,
      hashes,
      places.filter((_, n) => found[n] === undefined),
    );
    return Promise.all(found.map(async (chunk, n) => chunk ?? this.#coming.get(keyOf(blob, places[n]!))!));
  }

  async #kept(blob: CardData, hashes: readonly string[], at: number): Promise<ArrayBuffer | null> {
    const key = keyOf(blob, at);
    const recent = this.#recent.get(key);
    if (recent !== undefined) return this.#remember(key, recent);
    if (this.#coming.has(key)) return null;
    const found = await this.#cache.get(blob.sha256, at);
    // A disk may lie too.
    return found !== null && (await sha256Of(found)) === hashes[at] ? this.#remember(key, found) : null;
  }

  #fetchAll(blob: CardData, hashes: readonly string[], missing: readonly number[]): void {
    const absent = missing.filter((at) => !this.#coming.has(keyOf(blob, at)));
    for (let n = 0; n < absent.length;) {
      let count = 1;
      while (count < TOGETHER && absent[n + count] === absent[n]! + count) count++;
      this.#fetchRun(blob, hashes, absent[n]!, count);
      n += count;
    }
  }

  /** Asks for neighbours by one request; each is on its way by itself. */
  #fetchRun(blob: CardData, hashes: readonly string[], first: number, count: number): void {
    const from = first * LIMITS.dataChunk;
    const to = Math.min(blob.size, from + count * LIMITS.dataChunk);
    const checked = async (bytes: ArrayBuffer): Promise<ArrayBuffer[]> => {
      const cut = Array.from({ length: count }, (_, n) =>
        bytes.slice(n * LIMITS.dataChunk, (n + 1) * LIMITS.dataChunk),
      );
      const found = await Promise.all(cut.map(sha256Of));
      const wrong = found.findIndex((hash, n) => hash !== hashes[first + n]);
      if (wrong === -1) return cut;
      throw new BlobMismatch(`blob ${blob.sha256.slice(0, 12)} has other content in chunk ${first + wrong}`);
    };
    const run = fetchPart(blob.sha256, { from, to, of: blob.size }, checked);
    for (let n = 0; n < count; n++) {
      const key = keyOf(blob, first + n);
      const coming = run.then((chunks) => {
        this.#remember(key, chunks[n]!);
        void this.#cache.put(blob.sha256, first + n, chunks[n]!);
        return chunks[n]!;
      });
      this.#coming.set(key, coming);
      const over = (): boolean => this.#coming.delete(key);
      coming.then(over, over);
    }
  }

  #remember(key: string, chunk: ArrayBuffer): ArrayBuffer {
    this.#recent.delete(key);
    this.#recent.set(key, chunk);
    if (this.#recent.size > IN_MEMORY) this.#recent.delete(this.#recent.keys().next().value!);
    return chunk;
  }

  async #hashes({ sha256, size, chunks }: CardData): Promise<string[]> {
    if (chunks === null) return [sha256];
    let list = this.#lists.get(chunks);
    if (list === undefined) {
      const bytes = Math.ceil(size / LIMITS.dataChunk) * HASH_BYTES;
      // No lease owns what is fetched here, so none can abort it: it ends by itself after its tries.
      list = fetchBlob(chunks, bytes, new AbortController().signal).then((body) =>
        Array.from({ length: bytes / HASH_BYTES }, (_, n) => hex(body.subarray(n * HASH_BYTES, (n + 1) * HASH_BYTES))),
      );
      this.#lists.set(chunks, list);
      list.catch(() => this.#lists.delete(chunks));
    }
    return list;
  }
}

const keyOf = ({ sha256 }: CardData, at: number): string => `${sha256} ${at}`;
