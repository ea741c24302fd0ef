import type { Job, PastAccount } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import { ProblemError } from '@gossamer/protocol';
import type { LogStore, ReadModel } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Projector } from '../queries/projector.ts';
import { GoingOn } from '../runtime/going-on.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';

export interface DeletionParts {
  runtime: Runtime;
  grid: GridLog;
  log: LogStore;
  reads: ReadModel;
  projector: Projector;
  logger: Logger;
  /** Forgets what else was kept of a job, on disk and in memory. */
  forget: (job: number) => Promise<void>;
}

const NOT_CLEARED = 'what is left of deleted jobs is not cleared yet: that is tried again';

/**
 * Deletes jobs. It is accepted as a fact of the grid's log; then what devices have earned is written there, and only then
 * the job's own log goes, and what was made of it. Level-triggered: each step is found from the grid's log, so that it does
 * not matter what came between (docs/adr/0037).
 */
export class Deletions {
  readonly #parts: DeletionParts;
  readonly #going: GoingOn;
  readonly #void = new Set<number>();
  /** Jobs whose deletion is being written, or may have been: nothing opens them again. */
  readonly #begun = new Map<number, 'writing' | 'unknown'>();
  #carrying: Promise<unknown> = Promise.resolve();
  /** Of jobs that were taken out of memory: what is to be kept of them. */
  readonly #kept = new Map<number, PastAccount[]>();

  constructor(parts: DeletionParts) {
    this.#parts = parts;
    this.#going = new GoingOn(() => this.#carryOut(), NOT_CLEARED, parts.logger);
  }

  /** What devices have earned in jobs that an earlier start did not come to the end of: to be called before anybody asks. */
  async recover(): Promise<void> {
    const { grid, runtime } = this.#parts;
    const numbers = [...grid.state.jobNumbers.values()];
    for (const number of numbers) {
      if (grid.state.isVoid(number) && !grid.state.deleted.has(number)) this.#void.add(number);
    }
    for (const [number, { phase }] of grid.state.deleted) if (phase === 'deleted') await this.#keptOf(number);
    for (const [number, accounts] of this.#kept) runtime.scheduler.past.add(number, accounts);
  }

  /** Goes on with what an earlier start did not come to the end of. */
  start(): void {
    void this.#going.now();
  }

  close(): Promise<void> {
    return this.#going.close();
  }

  /**
   * Deletes a job that has ended; it is accepted, and gone for all who ask, when this resolves. Gives whether nothing of
   * it is left already. Throws ProblemError `job-open`, `job-deleted`, `storage-full`, `unavailable`.
   */
  async delete(job: Job, cause: string): Promise<boolean> {
    const { runtime, grid } = this.#parts;
    const { number, spec } = job;
    await runtime.written();
    try {
      await grid.recordNext(cause, () => {
        if (grid.state.deleted.has(number)) throw new ProblemError('job-deleted', spec.id);
        // As it is now: what failed of it may have been retried.
        const current = runtime.scheduler.jobs.get(number);
        if (current === undefined || !isOver(current)) throw new ProblemError('job-open');
        this.#begun.set(number, 'writing');
        return [{ kind: 'job-deleted', at: runtime.now(), number, submitter: spec.submitter }];
      });
    } catch (error) {
      // It may be on disk all the same.
      const isUnknown = !(error instanceof ProblemError) || error.status >= 500;
      if (isUnknown && this.#begun.has(number)) this.#begun.set(number, 'unknown');
      if (isUnknown) this.#going.soon();
      throw error;
    }
    this.#begun.delete(number);
    this.#retire(number);
    return this.#going.now();
  }

  /** Throws ProblemError `job-deleted` for a job whose deletion is on its way: what it is asked now would be lost with it. */
  requireStays({ number, spec }: Job): void {
    if (this.#begun.has(number)) throw new ProblemError('job-deleted', spec.id);
  }

  /** One after the other: two of them would fence each other. */
  #carryOut(): Promise<boolean> {
    const carrying = this.#carrying.then(() => this.#carryOutAll());
    this.#carrying = carrying.catch(() => undefined);
    return carrying;
  }

  /**
   * Numbers that were taken for jobs of a batch that was not made: what was begun of their logs goes. Asked of every number
   * at a start, and of those of a batch that failed.
   */
  discard(numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#parts.runtime.abandon(number);
      this.#void.add(number);
    }
    if (numbers.length > 0) this.#going.soon();
  }

  async #discardAll(): Promise<void> {
    const { grid, runtime } = this.#parts;
    const numbers = [...this.#void];
    await grid.recordNext('discard', () => {
      const still = numbers.filter((number) => grid.state.isVoid(number) && !grid.state.deleted.has(number));
      // Of a batch that turned out to be made the jobs are there.
      const at = runtime.now();
      return still.map((number) => ({ kind: 'job-deleted' as const, at, number, submitter: '' }));
    });
    for (const number of numbers) this.#void.delete(number);
  }

  /** What the grid's log says of deleted jobs, done. */
  async #carryOutAll(): Promise<boolean> {
    const { state } = this.#parts.grid;
    // A write of which nothing was known may have been one of these.
    await this.#parts.grid.recordNext('deletions', () => []);
    for (const [number, phase] of this.#begun) if (phase === 'unknown') this.#begun.delete(number);
    if (this.#void.size > 0) await this.#discardAll();
    const failures: unknown[] = [];
    for (const [number, { phase }] of state.deleted) {
      if (phase === 'cleared') continue;
      // One that cannot be cleared keeps no other from it.
      await this.#carryOutOne(number, phase).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
    return true;
  }

  async #carryOutOne(number: number, phase: 'deleted' | 'settled'): Promise<void> {
    this.#retire(number);
    if (phase === 'deleted') await this.#settle(number);
    await this.#clear(number);
  }

  #retire(number: number): void {
    const { runtime } = this.#parts;
    const job = runtime.scheduler.jobs.get(number);
    if (job !== undefined) this.#kept.set(number, runtime.retire(job));
  }

  async #settle(number: number): Promise<void> {
    const { grid, runtime } = this.#parts;
    const accounts = await this.#keptOf(number);
    await grid.recordNext(`delete:${number}`, () =>
      grid.state.deleted.get(number)?.phase === 'deleted'
        ? [{ kind: 'job-settled', at: runtime.now(), number, accounts }]
        : [],
    );
    this.#kept.delete(number);
  }

  async #keptOf(number: number): Promise<PastAccount[]> {
    const known = this.#kept.get(number);
    if (known !== undefined) return known;
    const accounts = await this.#parts.runtime.accountsOf(number);
    this.#kept.set(number, accounts);
    return accounts;
  }

  async #clear(number: number): Promise<void> {
    const { grid, runtime, log, reads, projector, forget } = this.#parts;
    await forget(number);
    await projector.forget(number);
    await reads.forget(number);
    // Whoever still writes to it or joins its segments is fenced.
    const claimed = await log.claim(number, await log.epochOf(number));
    if (claimed === null) throw new Error(`the log of job ${number} was taken over by another coordinator`);
    const outcome = await log.trim(number, claimed.epoch, Number.MAX_SAFE_INTEGER);
    if (outcome !== 'ok') throw new Error(`the log of job ${number} was taken over by another coordinator`);
    await grid.recordNext(`delete:${number}`, () =>
      grid.state.deleted.get(number)?.phase === 'settled' ? [{ kind: 'job-cleared', at: runtime.now(), number }] : [],
    );
  }
}
