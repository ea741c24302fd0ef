import type { Intake, Job } from '@gossamer/core';
import type { BlobStore } from '@gossamer/store';
import { openSource } from './open-source.ts';
import type { InputsOf } from './opened-source.ts';
import type { Splits } from './splits.ts';
import { openStream } from './stream-source.ts';

/** The opened sources of this process' jobs; one is opened when it is first needed. */
export class Sources {
  readonly #blobs: BlobStore;
  readonly #splits: Splits;
  readonly #opened = new Map<number, { intake: Intake | null; source: Promise<InputsOf> }>();

  constructor(blobs: BlobStore, splits: Splits) {
    this.#blobs = blobs;
    this.#splits = splits;
  }

  of(job: Job): Promise<InputsOf> {
    const { number, intake } = job;
    const known = this.#opened.get(number);
    // A job that was read again from its log has another intake: what came since is in that one.
    if (known?.intake === intake) return known.source;
    const source = this.#open(job);
    const opened = { intake, source };
    this.#opened.set(number, opened);
    source.catch(() => {
      if (this.#opened.get(number) === opened) this.#opened.delete(number);
    });
    return source;
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
