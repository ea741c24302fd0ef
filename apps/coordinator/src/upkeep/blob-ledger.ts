import type { Scheduler } from '@gossamer/core';
import type { KeyId, Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { blobsOfJob } from './blobs-of.ts';

/**
 * Whose blobs there are: a key's are those that its jobs name, and those that it uploaded since the start and nobody has
 * collected. Each counts once for a key, and for each key that has it; the large results of a job count by themselves.
 */
export class BlobLedger {
  readonly #scheduler: Scheduler;
  readonly #sizes = new Map<Sha256, number>();
  readonly #uploaded = new Map<KeyId, Set<Sha256>>();

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  /** Sizes of what the jobs of an earlier start name. */
  async learn(blobs: BlobStore): Promise<void> {
    for (const job of this.#scheduler.jobs.values()) {
      for (const hash of blobsOfJob(job)) {
        if (!this.#sizes.has(hash)) this.#sizes.set(hash, (await blobs.stat(hash))?.size ?? 0);
      }
    }
  }

  /** The size of a blob that a job names; null where it is not known. */
  sizeOf(hash: Sha256): number | null {
    return this.#sizes.get(hash) ?? null;
  }

  /** The size of a blob that a job is about to name. */
  learned(hash: Sha256, size: number): void {
    this.#sizes.set(hash, size);
  }

  /** To be called when a key has uploaded a blob, new or not. */
  uploaded(key: KeyId, hash: Sha256, size: number): void {
    this.#sizes.set(hash, size);
    this.#uploaded.set(key, (this.#uploaded.get(key) ?? new Set()).add(hash));
  }

  collected(hash: Sha256): void {
    this.#sizes.delete(hash);
    for (const hashes of this.#uploaded.values()) hashes.delete(hash);
  }

  /** Whether any key has uploaded it since the start, and nobody has collected it. */
  wasUploaded(hash: Sha256): boolean {
    for (const hashes of this.#uploaded.values()) if (hashes.has(hash)) return true;
    return false;
  }

  has(key: KeyId, hash: Sha256): boolean {
    return this.#of(key).has(hash);
  }

  bytesOf(key: KeyId): number {
    let bytes = 0;
    for (const hash of this.#of(key)) bytes += this.#sizes.get(hash) ?? 0;
    // There may be many of these: they are summed up where they come and go.
    for (const job of this.#scheduler.jobs.values()) if (job.spec.submitter === key) bytes += job.blobs.bytes;
    return bytes;
  }

  #of(key: KeyId): Set<Sha256> {
    const hashes = new Set(this.#uploaded.get(key));
    for (const job of this.#scheduler.jobs.values()) {
      if (job.spec.submitter === key) for (const hash of blobsOfJob(job)) hashes.add(hash);
    }
    return hashes;
  }
}
