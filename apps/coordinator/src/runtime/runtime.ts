import type {
  CreatedFact,
  Effects,
  Decided,
  Job,
  JobFact,
  JudgementRequest,
  PastAccount,
  Scheduler,
} from '@gossamer/core';
import {
  adoptJob,
  beginRecall,
  createScheduler,
  encodeFacts,
  foldJob,
  knowDevice,
  loseOverdue,
  noEffects,
  pastAccountsOf,
  remainderOf,
  replaceJob,
  retireJob,
  serveParked,
} from '@gossamer/core';
import { ProblemError } from '@gossamer/protocol';
import type { Segment, Stores } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { clearanceOf } from './clearance.ts';
import { unforeseeable } from './chance.ts';
import type { Committer } from './committer.ts';
import { asProblem } from './committer.ts';
import type { GridLog } from './grid-log.ts';
import { JobFolding } from './job-folding.ts';
import type { RuntimeHooks } from './runtime-hooks.ts';
import { sha256 as hash } from './sha256.ts';
import { ShardLog } from './shard-log.ts';

/** Compute time that one lease aims at, ms: some seconds, as a tab may close at any moment. */
const LEASE_TARGET_MS = 2000;
/** How often overdue leases are looked for, ms. */
const TICK_MS = 250;
/** Parked sessions are served so long after units became ready, ms: units of one moment are given out together. */
const WAKE_MS = 5;
const RECOVERY_RETRY_MS = 1000;

/** What the log of a new job begins with. */
export type NewJobFacts = [CreatedFact, ...JobFact[]];

/**
 * The scheduler's loop: it passes `now` in, writes the facts that come out, and lets an answer go only when they are
 * on disk. A job whose facts could not be written is read again from its log, as memory is ahead of it then.
 */
export class Runtime {
  readonly scheduler: Scheduler;
  readonly now: () => number;
  hooks: RuntimeHooks | null = null;
  readonly #stores: Stores;
  readonly #committer: Committer;
  readonly #logger: Logger;
  readonly #logs = new Map<number, ShardLog>();
  readonly #recovering = new Set<number>();
  /** Jobs that were deleted: a write of theirs that fails brings none of them back. */
  readonly #retired = new Set<number>();
  /** Those of them of which memory has facts that the log does not have. */
  readonly #ahead = new Set<number>();
  /** Why they are read again: there was no room. */
  #isFull = false;
  #tick: NodeJS.Timeout | null = null;
  #wake: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(stores: Stores, committer: Committer, config: Config, logger: Logger, grid: GridLog, now: () => number) {
    this.#stores = stores;
    this.#committer = committer;
    this.#logger = logger;
    this.now = now;
    const { sessionGraceMs, heartbeatMs } = config;
    const timing = { sessionGraceMs, heartbeatMs, leaseTargetMs: LEASE_TARGET_MS };
    const clearance = (job: Job) => clearanceOf(job.spec.full, grid.state, config.unvetted);
    const { past } = grid.state;
    this.scheduler = createScheduler({ epoch: grid.epoch, timing, hash, chance: unforeseeable(), clearance, past });
    for (const { device } of grid.state.devices.values()) knowDevice(this.scheduler, device);
    for (const [number, device] of grid.state.forgotten) {
      knowDevice(this.scheduler, remainderOf(number, device.class, null));
    }
  }

  /**
   * Takes a job that has ended out of memory for good; its log is read and written no more here. Gives what is to be kept
   * of it. Throws where it has not ended, and leaves it as it is.
   */
  retire(job: Job): PastAccount[] {
    const accounts = retireJob(this.scheduler, job);
    this.abandon(job.number);
    return accounts;
  }

  /** The log of a job that is not, or not any more, is written and read no more here. */
  abandon(number: number): void {
    this.#retired.add(number);
    this.#logs.delete(number);
  }

  /** What is to be kept of a job that is not in memory, as its log says. */
  async accountsOf(number: number): Promise<PastAccount[]> {
    const folding = new JobFolding(number, hash);
    for await (const segment of this.#stores.log.read(number, 0)) folding.take(segment);
    return folding.job === null ? [] : pastAccountsOf(folding.job);
  }

  /** Replays every job's log. What may be out with devices since the start before waits for them a little. */
  async recover(jobs: Iterable<number>): Promise<void> {
    for (const number of jobs) await this.#load(number);
    beginRecall(this.scheduler, this.now());
  }

  start(): void {
    this.#tick = setInterval(() => {
      if (this.#recovering.size > 0) return;
      this.run('clock', (effects) => loseOverdue(this.scheduler, this.now(), effects)).catch(() => {});
    }, TICK_MS);
  }

  /** False while a job's log is read again: nothing is decided then. */
  get steady(): boolean {
    return this.#recovering.size === 0;
  }

  /** Why nothing is decided now; null when it is. */
  get hindrance(): 'storage-full' | 'unavailable' | null {
    if (this.steady) return null;
    return this.#isFull ? 'storage-full' : 'unavailable';
  }

  /** The logs of all jobs, as they are owned now. */
  logs(): Iterable<ShardLog> {
    return this.#logs.values();
  }

  /** The number of the job's last fact on disk. */
  factOf(job: number): number {
    return this.#logs.get(job)?.committed ?? 0;
  }

  /**
   * The number of the last fact of what memory shows of a job now: whoever tells both has taken them in one turn, and waits
   * for `written`.
   */
  shownFactOf(job: number): number {
    const log = this.#logs.get(job);
    if (log === undefined) return 0;
    // What could not be written has had numbers, too, that others will have.
    return this.#recovering.has(job) ? log.committed : log.next - 1;
  }

  /**
   * Runs a command on the scheduler; resolves with its answer when its facts are on disk, and all facts before them:
   * the answer may rest on what an earlier command decided. Throws ProblemError `unavailable` or `storage-full` when
   * something of that could not be written, or may not have been.
   */
  async run<Answer>(cause: string, command: (effects: Effects) => Answer): Promise<Answer> {
    const { hindrance } = this;
    if (hindrance !== null) throw new ProblemError(hindrance, 'its log is being read again');
    const effects = noEffects();
    const { failures } = this.#committer;
    const answer = this.#decide(command, effects);
    const writes: Promise<void>[] = [];
    for (const [job, facts] of effects.facts) writes.push(this.#write(job, { cause, facts }));
    if (effects.wake) this.wakeSoon();
    const outcomes = await Promise.allSettled(writes.length > 0 ? writes : [this.#committer.settled()]);
    // A job that is read again asks anew.
    for (const request of effects.judgements) if (!this.#recovering.has(request.job)) this.#ask(request);
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    if (this.#committer.failures > failures)
      throw new ProblemError('unavailable', 'earlier facts could not be written');
    return answer;
  }

  /** Resolves when what was decided until now is on disk, or was given up. */
  settled(): Promise<void> {
    return this.#committer.settled();
  }

  /**
   * Resolves when all that could be seen of jobs until now is on disk. Throws ProblemError `unavailable` when it is not:
   * something of it could not be written.
   */
  async written(): Promise<void> {
    const { failures } = this.#committer;
    const isAhead = this.#ahead.size > 0;
    await this.#committer.settled();
    if (isAhead || this.#committer.failures > failures)
      throw new ProblemError('unavailable', 'facts could not be written');
  }

  /** Opens the log of a job that is new; to be called before its first command. */
  async openLog(job: number): Promise<void> {
    try {
      this.#logs.set(job, await ShardLog.open(this.#stores.log, this.#committer, job, () => {}, true));
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** Begins the log of a job that nobody sees yet (`show`). Resolves when it is on disk. */
  async prepare(number: number, cause: string, facts: NewJobFacts): Promise<void> {
    try {
      const log = await ShardLog.open(this.#stores.log, this.#committer, number, () => {}, true);
      await log.append(facts.length, encodeFacts({ cause, facts }));
      this.#logs.set(number, log);
    } catch (error) {
      throw asProblem(error);
    }
  }

  /**
   * Takes up jobs whose logs were begun: from then on they are given out. Of such jobs memory is not ahead of the log, so
   * that this can be done at any time.
   */
  show(jobs: readonly { number: number; facts: NewJobFacts; leaseCap: number }[]): void {
    for (const { number, facts, leaseCap } of jobs) {
      const job = foldJob(number, facts, hash)!;
      job.leaseCap = leaseCap;
      replaceJob(this.scheduler, number, job);
      adoptJob(this.scheduler, job, this.now(), noEffects());
      this.hooks?.committed(job, facts);
    }
    this.wakeSoon();
  }

  wakeSoon(): void {
    if (this.#wake !== null || this.#closed) return;
    this.#wake = setTimeout(() => {
      this.#wake = null;
      if (this.#recovering.size > 0) return;
      let served: ReturnType<typeof serveParked> = [];
      this.run('wake', (effects) => (served = serveParked(this.scheduler, this.now(), effects)))
        .catch((error: unknown) => this.#logger.error({ error }, 'parked sessions could not be served'))
        .finally(() => {
          for (const { session, granted } of served) this.hooks?.served(session, granted);
        });
    }, WAKE_MS);
  }

  /** Stops deciding; resolves when what was decided is on disk. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#tick !== null) clearInterval(this.#tick);
    if (this.#wake !== null) clearTimeout(this.#wake);
    while (!this.#committer.idle) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** A command that fails halfway leaves facts in memory that no log has: their jobs are read again. */
  #decide<Answer>(command: (effects: Effects) => Answer, effects: Effects): Answer {
    try {
      return command(effects);
    } catch (error) {
      for (const job of effects.facts.keys()) void this.#recoverJob(job);
      throw error;
    }
  }

  #ask(request: JudgementRequest): void {
    this.hooks?.judge(request);
  }

  async #write(number: number, segment: Decided): Promise<void> {
    const log = this.#logs.get(number);
    if (log === undefined) throw new ProblemError('internal', `job ${number} has no log`);
    try {
      await log.append(segment.facts.length, encodeFacts(segment));
    } catch (error) {
      this.#logger.error({ error, jobNumber: number, causeId: segment.cause }, 'facts could not be written');
      const problem = asProblem(error);
      this.#isFull ||= problem.code === 'storage-full';
      void this.#recoverJob(number);
      throw problem;
    }
    const job = this.scheduler.jobs.get(number);
    if (job !== undefined) this.hooks?.committed(job, segment.facts);
  }

  async #recoverJob(number: number): Promise<void> {
    if (this.#recovering.has(number)) return;
    this.#recovering.add(number);
    this.#ahead.add(number);
    while (!this.#closed && !this.#retired.has(number)) {
      try {
        while (!this.#committer.idle) await new Promise((resolve) => setTimeout(resolve, 10));
        await this.#load(number);
        this.#logger.warn({ jobNumber: number }, 'the job was read again from its log');
        break;
      } catch (error) {
        this.#logger.error({ error, jobNumber: number }, 'the job cannot be taken up; it is tried again');
        await this.#showWritten(number);
        await new Promise((resolve) => setTimeout(resolve, RECOVERY_RETRY_MS));
      }
    }
    this.#recovering.delete(number);
    if (this.steady) {
      this.#isFull = false;
      this.hooks?.steady();
    }
    this.wakeSoon();
    const job = this.scheduler.jobs.get(number);
    if (job !== undefined) this.hooks?.committed(job, []);
  }

  async #load(number: number): Promise<void> {
    const { log, job } = await this.#replay(number);
    this.#logs.set(number, log);
    // It was deleted while it was read.
    if (this.#retired.has(number)) return this.#forget(number);
    this.#replace(number, job);
    if (job === null) return;
    const effects = noEffects();
    adoptJob(this.scheduler, job, this.now(), effects);
    // What taking it up decides is ahead of the log, too, until it is written.
    if (effects.facts.size > 0) this.#ahead.add(number);
    for (const [, found] of effects.facts)
      await log.append(found.length, encodeFacts({ cause: 'recovery', facts: found }));
    this.#ahead.delete(number);
    for (const request of effects.judgements) this.#ask(request);
    this.wakeSoon();
  }

  /** While a job cannot be taken up, as for want of room, it is at least seen as it was written. */
  async #showWritten(number: number): Promise<void> {
    if (!this.#ahead.has(number)) return;
    try {
      const folding = new JobFolding(number, hash);
      let last = 0;
      for await (const segment of this.#stores.log.read(number, 0)) {
        folding.take(segment);
        last = segment.seq + segment.n - 1;
      }
      this.#logs.get(number)?.found(last);
      this.#replace(number, folding.job);
    } catch (error) {
      this.#logger.error({ error, jobNumber: number }, 'the job cannot be read');
    }
  }

  #forget(number: number): void {
    this.#logs.delete(number);
    this.#ahead.delete(number);
  }

  /** From here on memory is not ahead of the log. */
  #replace(number: number, job: Job | null): void {
    const before = this.scheduler.jobs.get(number);
    if (job !== null && before !== undefined) job.leaseCap = before.leaseCap;
    replaceJob(this.scheduler, number, job);
    this.#ahead.delete(number);
  }

  async #replay(number: number): Promise<{ log: ShardLog; job: Job | null }> {
    const folding = new JobFolding(number, hash);
    const fold = (segment: Segment): void => folding.take(segment);
    const log = await ShardLog.open(this.#stores.log, this.#committer, number, fold, true);
    return { log, job: folding.job };
  }
}
