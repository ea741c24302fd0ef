import type { Job } from '@gossamer/core';
import type { BlobStore } from '@gossamer/store';
import { openSource } from './open-source.ts';
import type { InputsOf } from './opened-source.ts';
import type { Splits } from './splits.ts';
import { openStream } from './stream-source.ts';

/** The opened sources of this process' jobs; one is opened when it is first needed. */
export class Sources {
  readonly #blobs: BlobStore;
  readonly #splits: Splits;
  readonly #opened = new Map<number, Promise<InputsOf>>();

  constructor(blobs: BlobStore, splits: Splits) {
    this.#blobs = blobs;
    this.#splits = splits;
  }

  of(job: Job): Promise<InputsOf> {
    const known = this.#opened.get(job.number);
    if (known !== undefined) return known;
    const opened = this.#open(job);
    this.#opened.set(job.number, opened);
    opened.catch(() => this.#opened.delete(job.number));
    return opened;
  }

  /** Lets go of what was kept of a job that has ended. */
  forget(job: number): void {
    this.#opened.delete(job);
  }

  async #open({ spec: { full }, intake }: Job): Promise<InputsOf> {
    const { source } = full;
    if (source.kind !== 'stream') return openSource(source, this.#blobs, this.#splits.maker(full));
    return openStream(source.format, intake!, this.#blobs);
  }
}
