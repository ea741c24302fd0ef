import type { Job } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import { Judge } from '@gossamer/judge';
import type { AnswerView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { ReadModel } from '@gossamer/store';
import type { Logger } from 'pino';
import type { Queries } from '../queries/queries.ts';
import { cursorOf } from '../queries/queries.ts';
import type { ProgramTexts } from '../runtime/program-texts.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { Folder } from './folder.ts';
import { intervalsOf } from './intervals.ts';
import type { Reduction } from './reduction.ts';
import { readSnapshot, snapshotOf } from './reduction.ts';

/** What one call of `reduce` on some results may use: an accumulator is to be small. */
const LIMITS = { timeMs: 5000, memoryBytes: 128 * 2 ** 20, outputBytes: 2 * 2 ** 20 };
/**
 * Whoever asks waits so long for what is not folded yet, ms; then it is told what is. While a job runs, more results come
 * anyhow, faster perhaps than they are folded.
 */
const PATIENCE_MS = { running: 250, over: 2000 };

interface Parts {
  runtime: Runtime;
  queries: Queries;
  reads: ReadModel;
  texts: ProgramTexts;
  logger: Logger;
}

interface Entry {
  folder: Folder;
  reduction: Reduction;
  /** The fact up to which is to be folded. */
  upto: number;
  running: Promise<void> | null;
}

/**
 * Folds the final results of jobs whose programs have a `reduce`, as they come, in the order of the list of results. How far
 * it came is kept in the read model: it can be lost, as all that was folded is in the log.
 */
export class Reductions {
  readonly #parts: Parts;
  readonly #judge = new Judge({ limits: LIMITS });
  readonly #entries = new Map<number, Promise<Entry>>();
  /** Jobs that were deleted: numbers are never used again. */
  readonly #forgotten = new Set<number>();
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** To be called when something of a job is on disk, and at a start. */
  touched(job: Job): void {
    if (job.spec.full.reduce !== true || this.#closed || this.#forgotten.has(job.number)) return;
    this.#catchUp(job).catch((error: unknown) => {
      if (this.#closed) return;
      this.#parts.logger.warn({ error, jobId: job.spec.id }, 'results are not folded yet; they are with the next ones');
    });
  }

  /** Throws ProblemError `answer-none`, `reduce-failed` or `unavailable`. */
  async answer(job: Job): Promise<AnswerView> {
    if (job.spec.full.reduce !== true) throw new ProblemError('answer-none');
    const ended = isOver(job);
    const entry = await this.#entry(job);
    const isCaughtUp = await this.#waitFor(this.#catchUp(job), PATIENCE_MS[ended ? 'over' : 'running']);
    const { position, folded, skipped, states, answers, failure } = entry.reduction;
    if (failure !== null) throw new ProblemError('reduce-failed', failure);
    const [whole] = answers ?? [states[0]?.acc ?? null];
    return {
      answer: whole as AnswerView['answer'],
      ...intervalsOf(answers, folded),
      folded,
      skipped,
      failed: job.counts.failed,
      total: job.total,
      isFinal: ended && isCaughtUp,
      cursor: cursorOf({ fact: position.fact, unit: Math.max(0, position.unit) }),
    };
  }

  /** Of a job that is being deleted: nothing of it is folded or kept any more once this resolves. */
  async forget(job: number): Promise<void> {
    this.#forgotten.add(job);
    const entry = await this.#entries.get(job);
    await entry?.running?.catch(() => undefined);
    this.#entries.delete(job);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#judge.close();
    const running = [...this.#entries.values()].map(async (entry) => (await entry).running);
    await Promise.allSettled(running);
  }

  /** Whether it was done in time. */
  async #waitFor(work: Promise<void>, patienceMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), patienceMs);
    });
    try {
      return await Promise.race([work.then(() => true), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #entry(job: Job): Promise<Entry> {
    const known = this.#entries.get(job.number);
    if (known !== undefined) return known;
    const { reads, texts } = this.#parts;
    const entry = reads.reduction(job.number).then((snapshot) => ({
      folder: new Folder(this.#judge, () => texts.of(job.spec.full.program)),
      reduction: readSnapshot(snapshot),
      upto: 0,
      running: null,
    }));
    this.#entries.set(job.number, entry);
    entry.catch(() => this.#entries.delete(job.number));
    return entry;
  }

  /** Resolves when all is folded that was there when it was called. */
  async #catchUp(job: Job): Promise<void> {
    const { runtime } = this.#parts;
    const entry = await this.#entry(job);
    entry.upto = Math.max(entry.upto, runtime.factOf(job.number));
    await runtime.written();
    if (this.#closed || entry.reduction.failure !== null) return;
    entry.running ??= this.#fold(job, entry);
    await entry.running;
  }

  async #fold(job: Job, entry: Entry): Promise<void> {
    const { queries, reads } = this.#parts;
    const { folder } = entry;
    try {
      while (!this.#closed && !this.#forgotten.has(job.number) && entry.reduction.failure === null) {
        const { upto } = entry;
        const finals = await queries.finals(job.number, upto, entry.reduction.position, folder.most);
        if (finals.length > 0) {
          const made = await folder.fold(entry.reduction, finals);
          await reads.keepReduction(job.number, snapshotOf(made));
          entry.reduction = made;
        } else if (upto === entry.upto) return;
      }
    } finally {
      // At once, and not a turn later: what comes next has to begin anew.
      entry.running = null;
      if (isOver(job)) this.#entries.delete(job.number);
    }
  }
}
