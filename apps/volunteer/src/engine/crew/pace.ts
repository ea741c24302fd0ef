/** A lease that runs, as far as its end can be foreseen. */
export interface RunState {
  job: number;
  /** Units that have no outcome. */
  left: number;
  /** Run time of the unit that runs now, ms. */
  unitMs: number;
  /** 0 to 1, or null. */
  progress: number | null;
}

/** Weight of the latest unit in a job's mean run time. */
const WEIGHT = 0.3;

/** Run times of units by job, so that work is asked for shortly before a slot is free. */
export class Pace {
  readonly #means = new Map<number, number>();

  /** A unit of `job` took `runMs`. */
  note(job: number, runMs: number): void {
    const mean = this.#means.get(job);
    this.#means.set(job, mean === undefined ? runMs : mean + WEIGHT * (runMs - mean));
  }

  forget(job: number): void {
    this.#means.delete(job);
  }

  /**
   * Run time until the lease ends, ms; Infinity when nothing is known of it. The mean of the job's units so far, and
   * for the unit that runs what its own progress says where it says any: elapsed * (1 - done) / done.
   */
  leftMs({ job, left, unitMs, progress }: RunState): number {
    if (left === 0) return 0;
    const own = progress !== null && progress > 0.02 ? unitMs / progress : undefined;
    const mean = this.#means.get(job) ?? own;
    if (mean === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(0, (own ?? mean) - unitMs) + (left - 1) * mean;
  }
}

/** A slot that will be free within this time is worth a lease now: round trip, fetches, and the worker's start, ms. */
export const PREFETCH_MS = 2500;

/** Slots to ask work for: those that are free or soon will be, less the leases that are on the way to them. */
export const wanted = (slots: number, leftMs: number[], queued: number): number =>
  Math.max(0, slots - leftMs.length + leftMs.filter((left) => left <= PREFETCH_MS).length - queued);
