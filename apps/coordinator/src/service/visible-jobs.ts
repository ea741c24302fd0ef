import type { Job } from '@gossamer/core';
import type { JobId, JobView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Caller } from '../caller.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ProgramKinds } from './program-kinds.ts';
import { jobView } from './views.ts';

/** Jobs as callers see them: submitters their own ones, operators all. */
export class VisibleJobs {
  readonly #runtime: Runtime;
  readonly #grid: GridLog;
  readonly #kinds: ProgramKinds;

  constructor(runtime: Runtime, grid: GridLog, kinds: ProgramKinds) {
    this.#runtime = runtime;
    this.#grid = grid;
    this.#kinds = kinds;
  }

  isVisible(caller: Caller, job: Job): boolean {
    return caller.role === 'operator' || job.spec.submitter === caller.key;
  }

  /** Throws ProblemError `job-unknown`, also for another's, and `job-deleted`. */
  find(caller: Caller, id: JobId): Job {
    const number = this.#grid.state.jobNumbers.get(id);
    const job = number === undefined ? undefined : this.#runtime.scheduler.jobs.get(number);
    if (job !== undefined && this.isVisible(caller, job)) return job;
    const deleted = this.#grid.state.deleted.get(number ?? 0);
    const isOwn = caller.role === 'operator' || deleted?.submitter === caller.key;
    throw new ProblemError(deleted !== undefined && isOwn ? 'job-deleted' : 'job-unknown', id);
  }

  view(job: Job): JobView {
    const { scheduler } = this.#runtime;
    const kind = this.#kinds.of(job.spec.full.program);
    const fact = this.#runtime.shownFactOf(job.number);
    return jobView(scheduler, this.#grid.state, job, kind, fact, this.#runtime.now());
  }
}
