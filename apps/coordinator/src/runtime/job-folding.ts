import type { HashFunction, Job } from '@gossamer/core';
import { applyFact, createJob, decodeFacts } from '@gossamer/core';
import type { Segment } from '@gossamer/store';

/** A job that is rebuilt from its log, segment by segment: a log may be larger than memory. */
export class JobFolding {
  /** null before the fact that created it. */
  job: Job | null = null;
  readonly #number: number;
  readonly #hash: HashFunction;

  constructor(number: number, hash: HashFunction) {
    this.#number = number;
    this.#hash = hash;
  }

  take({ body }: Segment): void {
    for (const fact of decodeFacts(body)) {
      if (this.job !== null) applyFact(this.job, fact);
      else if (fact.kind === 'created') this.job = createJob(this.#number, fact, this.#hash);
    }
  }
}
