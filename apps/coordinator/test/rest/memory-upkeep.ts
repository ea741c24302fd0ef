import type { AttemptDetail, JobDeleted, JobRetried, KeyQuotas, Page, QuotasView, Sha256 } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Caller } from '../../src/caller.ts';
import type { GridUpkeep, Upload } from '../../src/grid-upkeep.ts';

/** The contract of GridUpkeep where there are no jobs. */
export class MemoryUpkeep implements GridUpkeep {
  readonly #blobs: BlobStore;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  async retry(): Promise<JobRetried> {
    throw new ProblemError('job-unknown');
  }

  async remove(): Promise<JobDeleted> {
    throw new ProblemError('job-unknown');
  }

  quotas(): QuotasView {
    const use = { limit: null, used: 0 };
    return { blobBytes: use, resultBytes: use, openJobs: use, units: use };
  }

  allQuotas(): Page<KeyQuotas> {
    return { items: [], next: null };
  }

  blobSize(): number | null {
    return null;
  }

  upload(_caller: Caller, hash: Sha256, { content, limit }: Upload) {
    return this.#blobs.putIfAbsent(hash, content, limit);
  }

  async unitAttempts(): Promise<AttemptDetail[]> {
    throw new ProblemError('job-unknown');
  }

  async attempts(): Promise<Page<AttemptDetail>> {
    throw new ProblemError('job-unknown');
  }
}
