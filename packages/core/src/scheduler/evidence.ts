import type { Job } from '../job/job.ts';
import type { Evidence } from '../rules/rule.ts';
import type { Record } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import type { Scheduler } from './state.ts';

/** What the scheduler knows, for a job's rule. */
export class JobEvidence implements Evidence {
  readonly #scheduler: Scheduler;
  readonly #job: Job;

  constructor(scheduler: Scheduler, job: Job) {
    this.#scheduler = scheduler;
    this.#job = job;
  }

  record(attempt: number): Record {
    return recordIn(this.#scheduler, this.#job, this.#job.attempts.device[attempt]!);
  }

  lease(attempt: number): number {
    return this.#job.attempts.lease[attempt]!;
  }

  get liars(): number {
    return this.#scheduler.book.liars;
  }

  chance(): number {
    return this.#scheduler.options.chance();
  }
}
