import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';
import type { Share } from '../job/share.ts';

/**
 * Whose turn it is: jobs of a higher priority come first; within one, submitters share evenly, and a submitter's jobs
 * by weight, whatever their number and size. Each has a pass, the run time it was given (a job's divided by its
 * weight), and the one with the least comes next (stride scheduling, Waldspurger and Weihl 1995).
 */
export class Turns {
  /** By priority and submitter. */
  readonly #shares = new Map<string, Share>();
  /** By priority: the pass of the submitter that was served last. */
  readonly #served = new Map<number, number>();

  /**
   * Open jobs in the order in which they are to be served. The first is found without a list or a sort: mostly it has
   * something to give, and with a thousand jobs open the order of the others is not worth its price.
   */
  *order(jobs: ReadonlyMap<number, Job>): Generator<Job> {
    let first: Job | null = null;
    for (const job of jobs.values()) {
      if (isOpen(job) && (first === null || this.#compare(job, first) < 0)) first = job;
    }
    if (first === null) return;
    yield first;
    const others: Job[] = [];
    for (const job of jobs.values()) if (job !== first && isOpen(job)) others.push(job);
    yield* others.sort((a, b) => this.#compare(a, b));
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

  #compare(a: Job, b: Job): number {
    return (
      b.spec.priority - a.spec.priority ||
      this.#shareOf(a).pass - this.#shareOf(b).pass ||
      a.pass - b.pass ||
      a.number - b.number
    );
  }

  #shareOf(job: Job): Share {
    if (job.share !== null) return job.share;
    const key = `${job.spec.priority}:${job.spec.submitter}`;
    let share = this.#shares.get(key);
    if (share === undefined) {
      share = { pass: this.#served.get(job.spec.priority) ?? 0, served: 0 };
      this.#shares.set(key, share);
    }
    job.share = share;
    return share;
  }
}
