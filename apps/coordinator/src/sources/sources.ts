import type { JobSpec } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { openSource } from './open-source.ts';
import type { OpenedSource } from './opened-source.ts';
import type { Splits } from './splits.ts';

/** The opened sources of this process' jobs; one is opened when it is first needed. */
export class Sources {
  readonly #blobs: BlobStore;
  readonly #splits: Splits;
  readonly #opened = new Map<number, Promise<OpenedSource>>();

  constructor(blobs: BlobStore, splits: Splits) {
    this.#blobs = blobs;
    this.#splits = splits;
  }

  of(job: number, spec: JobSpec): Promise<OpenedSource> {
    const known = this.#opened.get(job);
    if (known !== undefined) return known;
    const opened = openSource(spec.source, this.#blobs, this.#splits.maker(spec));
    this.#opened.set(job, opened);
    opened.catch(() => this.#opened.delete(job));
    return opened;
  }

  /** Lets go of what was kept of a job that has ended. */
  forget(job: number): void {
    this.#opened.delete(job);
  }
}
