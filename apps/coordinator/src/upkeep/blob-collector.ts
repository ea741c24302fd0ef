import type { Job, Scheduler } from '@gossamer/core';
import type { Sha256 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';
import type { BlobPins } from './blob-pins.ts';
import { blobsOfJob } from './blobs-of.ts';
import type { Uploads } from './uploads.ts';

export interface CollectorParts {
  blobs: BlobStore;
  pins: BlobPins;
  scheduler: Scheduler;
  registry: Registry;
  logger: Logger;
  /** A blob that no job names is kept for so long after it was stored, or stored again, ms. */
  graceMs: number;
  /** How often it is looked, ms. */
  everyMs: number;
  /** Those that nobody goes on with are given up. */
  uploads: Pick<Uploads, 'collect'>;
  /** Whether a device has it on the way as a large result, or has sent it and not reported it. */
  wants: (hash: Sha256) => boolean;
  /** Whether a key has uploaded it, so that it is kept for a while. */
  wasUploaded: (hash: Sha256) => boolean;
  /** To be called when one is gone. */
  collected: (hash: Sha256) => void;
}

const namesOf = (job: Job): Sha256[] => [...blobsOfJob(job), ...job.blobs.names()];

/**
 * Collects blobs that no job names, be it in its specification or as a result. One that a job is being made of is pinned;
 * whether one may go is asked in the turn in which it goes, so that a job that is made meanwhile finds its blobs there, or is
 * told that they are not.
 */
export class BlobCollector {
  readonly #parts: CollectorParts;
  readonly #collected: Counter;
  readonly #collectedBytes: Counter;
  readonly #kept: Gauge<'named'>;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #closed = false;

  constructor(parts: CollectorParts) {
    this.#parts = parts;
    const registers = [parts.registry];
    const name = 'gossamer_blobs_collected';
    this.#collected = new Counter({
      name: `${name}_total`,
      help: 'Blobs that were collected since the start',
      registers,
    });
    this.#collectedBytes = new Counter({ name: `${name}_bytes_total`, help: 'Bytes of them', registers });
    const help = 'Bytes of blobs as of the last look: those that jobs name, and those that none does';
    this.#kept = new Gauge({ name: 'gossamer_blob_bytes', help, labelNames: ['named'], registers });
  }

  start(): void {
    this.#timer = setInterval(() => void this.look(), this.#parts.everyMs);
    void this.look();
  }

  /** Resolves when the look that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running;
  }

  /** One look at a time. Never rejects. */
  look(): Promise<void> {
    this.#running ??= this.#look()
      .catch((error: unknown) => this.#parts.logger.warn({ error }, 'blobs could not be collected; it is tried again'))
      .finally(() => (this.#running = null));
    return this.#running;
  }

  /** Collects one that came as a result, at once, if nobody names or wants it now; tells whether it is gone. */
  async collect(hash: Sha256): Promise<boolean> {
    const { blobs, pins, scheduler, wants, wasUploaded } = this.#parts;
    const stat = await blobs.stat(hash);
    if (stat === null) return true;
    const isNamed = (): boolean => {
      for (const job of scheduler.jobs.values()) {
        if (job.blobs.has(hash) || blobsOfJob(job).includes(hash)) return true;
      }
      return pins.isPinned(hash) || wants(hash) || wasUploaded(hash);
    };
    const isGone = await blobs.remove(hash, () => !isNamed());
    if (isGone) this.#gone(hash, stat.size);
    // Whoever uploaded it is to find it for a while: the next looks, which leave it that long, take it.
    return isGone || wasUploaded(hash);
  }

  #gone(hash: Sha256, size: number): void {
    this.#collected.inc();
    this.#collectedBytes.inc(size);
    this.#parts.collected(hash);
  }

  async #look(): Promise<void> {
    const { blobs, pins, scheduler, uploads, graceMs, wants, logger } = this.#parts;
    await uploads.collect((at) => Date.now() - at > graceMs);
    pins.begin();
    const named = new Set<Sha256>();
    for (const job of scheduler.jobs.values()) for (const hash of namesOf(job)) named.add(hash);
    const isNamed = (hash: Sha256): boolean => named.has(hash) || pins.wasPinned(hash) || wants(hash);
    const bytes = { named: 0, other: 0, gone: 0 };
    let count = 0;
    for await (const { hash, size, storedAt } of blobs.list()) {
      if (this.#closed) return;
      const isOld = (at: number): boolean => Date.now() - at > graceMs;
      const mayGo = !isNamed(hash) && isOld(storedAt);
      if (mayGo && (await blobs.remove(hash, (at) => !isNamed(hash) && isOld(at)))) {
        bytes.gone += size;
        count += 1;
        this.#gone(hash, size);
      } else bytes[isNamed(hash) ? 'named' : 'other'] += size;
    }
    this.#kept.set({ named: 'yes' }, bytes.named);
    this.#kept.set({ named: 'no' }, bytes.other);
    if (count > 0) logger.info({ blobs: count, bytes: bytes.gone }, 'blobs that no job names were collected');
  }
}
