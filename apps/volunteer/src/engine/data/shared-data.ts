import type { CageData } from '@gossamer/cage/engine';
import { type CardData, type JobCard, LIMITS } from '@gossamer/protocol';
import { BlobMismatch, hex } from '../blobs.ts';
import { DeviceChunks, forgetChunks } from './chunk-cache.ts';
import { Chunks } from './chunks.ts';
import { dataBudget } from './budget.ts';

/** Chunks that are looked for at a time: of a large read not all of them are in memory twice. */
const AT_ONCE = 32;

/** What programs read of their jobs' shared data, and what this device keeps of it. */
export class SharedData {
  readonly #chunks: Chunks;
  readonly #proved = new Set<string>();

  constructor(chunks: Chunks = new Chunks(new DeviceChunks(dataBudget))) {
    this.#chunks = chunks;
  }

  /**
   * What a lease of a job is given; undefined where the job shares nothing. A wasm module's data is fetched now. Rejects
   * with BlobError.
   */
  async of({ data, signed }: Pick<JobCard, 'data' | 'signed'>, signal: AbortSignal): Promise<CageData | undefined> {
    if (data.length === 0) return undefined;
    const read = (position: number, from: number, to: number): Promise<ArrayBuffer> =>
      this.#read(data[position]!, from, to, signal);
    const isWasm = signed.manifest.kind === 'wasm';
    const bodies = isWasm ? await Promise.all(data.map(({ size }, n) => read(n, 0, size))) : null;
    return { entries: data.map(({ name, size }) => ({ name, size })), bodies, read };
  }

  /** Deletes all that is kept of it on this device. */
  forget(): Promise<void> {
    return forgetChunks();
  }

  /** A part, copied into a buffer of its own. */
  async #read(blob: CardData, from: number, to: number, signal: AbortSignal): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(to - from);
    const end = Math.ceil(to / LIMITS.dataChunk);
    for (let first = Math.floor(from / LIMITS.dataChunk); first < end && from < to; first += AT_ONCE) {
      const chunks = await this.#chunks.get(blob, first, Math.min(end, first + AT_ONCE));
      signal.throwIfAborted();
      for (const [n, chunk] of chunks.entries()) {
        const start = (first + n) * LIMITS.dataChunk;
        const part = new Uint8Array(chunk).subarray(Math.max(0, from - start), Math.min(chunk.byteLength, to - start));
        bytes.set(part, Math.max(0, start - from));
      }
    }
    if (bytes.byteLength === blob.size) await this.#prove(blob, bytes);
    return bytes.buffer;
  }

  /** Whoever has all of a blob holds it against its own name too, once: no list then stands between. */
  async #prove({ sha256 }: CardData, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#proved.has(sha256)) return;
    if (hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))) !== sha256) {
      throw new BlobMismatch(`blob ${sha256.slice(0, 12)} has other content than its name says`);
    }
    this.#proved.add(sha256);
  }
}
