import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';

interface Share {
  pass: number;
  /** The pass of the job that was served last: one that had nothing to give meanwhile goes on from there. */
  served: number;
}

/**
 * Whose turn it is: jobs of a higher priority come first; within one, submitters share evenly, and a submitter's jobs
 * by weight, whatever their number and size. Each has a pass, the run time it was given (a job's divided by its
 * weight), and the one with the least comes next (stride scheduling, Waldspurger and Weihl 1995).
 */
export class Turns {
  /** By priority and submitter, and by a job's number. */
  readonly #shares = new Map<string, Share>();
  readonly #shareOfJob = new Map<number, Share>();
  /** By priority: the pass of the submitter that was served last. */
  readonly #served = new Map<number, number>();

  /** Open jobs in the order in which they are to be served. */
  order(jobs: Iterable<Job>): Job[] {
    const open: Job[] = [];
    for (const job of jobs) if (isOpen(job)) open.push(job);
    if (open.length < 2) return open;
    return open.sort(
      (a, b) =>
        b.spec.priority - a.spec.priority ||
        this.#passOf(a) - this.#passOf(b) ||
        a.pass - b.pass ||
        a.number - b.number,
    );
  }

  /** Charges a job and its submitter for run time of `ms`. What they did not take earlier is not made up for. */
  charge(job: Job, ms: number): void {
    const { priority, weight } = job.spec;
    const share = this.#shareOf(job);
    share.pass = Math.max(share.pass, this.#served.get(priority) ?? 0);
    this.#served.set(priority, share.pass);
    job.pass = Math.max(job.pass, share.served);
    share.served = job.pass;
    share.pass += ms;
    job.pass += ms / weight;
  }

  /** A new job starts where its submitter's least served open job stands, so that it neither waits nor takes everything. */
  admit(job: Job, others: Iterable<Job>): void {
    const share = this.#shareOf(job);
    let least = Number.POSITIVE_INFINITY;
    for (const other of others) {
      if (isOpen(other) && this.#shareOf(other) === share) least = Math.min(least, other.pass);
    }
    job.pass = Number.isFinite(least) ? least : share.served;
    share.pass = Math.max(share.pass, this.#served.get(job.spec.priority) ?? 0);
  }

  #passOf(job: Job): number {
    return this.#shareOf(job).pass;
  }

  #shareOf(job: Job): Share {
    const known = this.#shareOfJob.get(job.number);
    if (known !== undefined) return known;
    const key = `${job.spec.priority}:${job.spec.submitter}`;
    let share = this.#shares.get(key);
    if (share === undefined) {
      share = { pass: this.#served.get(job.spec.priority) ?? 0, served: 0 };
      this.#shares.set(key, share);
    }
    this.#shareOfJob.set(job.number, share);
    return share;
  }
}
