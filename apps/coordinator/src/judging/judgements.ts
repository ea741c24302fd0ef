import type { JudgementRequest } from '@gossamer/core';
import { giveVerdict } from '@gossamer/core';
import type { Logger } from 'pino';
import type { Runtime } from '../runtime/runtime.ts';
import type { Verdicts } from './verdicts.ts';

/** Questions that are thought about at once, over all jobs and of one: a job whose program is slow delays no other. */
const AT_ONCE = 16;
const OF_ONE_JOB = 4;
/** What cannot be read or written now is tried again after so long, ms; each time twice as long, up to the latter. */
const RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

interface Question {
  request: JudgementRequest;
  /** How often it was tried in vain. */
  tries: number;
}

/**
 * The questions that the core has put and that are not answered yet. None is lost while the process lives: one that
 * cannot be answered now is tried again; after a crash the core puts them anew. An answer that comes twice is none.
 */
export class Judgements {
  readonly #runtime: Runtime;
  readonly #verdicts: Verdicts;
  readonly #logger: Logger;
  /** By job, the one served longest ago first. */
  readonly #waiting = new Map<number, Question[]>();
  readonly #busy = new Map<number, number>();
  readonly #retries = new Set<NodeJS.Timeout>();
  #running = 0;
  #closed = false;

  constructor(runtime: Runtime, verdicts: Verdicts, logger: Logger) {
    this.#runtime = runtime;
    this.#verdicts = verdicts;
    this.#logger = logger;
  }

  put(request: JudgementRequest, tries = 0): void {
    if (this.#closed) return;
    const question = { request, tries };
    const waiting = this.#waiting.get(request.job);
    if (waiting === undefined) this.#waiting.set(request.job, [question]);
    else waiting.push(question);
    this.#pump();
  }

  /** What is not answered yet is put again at the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear();
    for (const timer of this.#retries) clearTimeout(timer);
    await this.#verdicts.close();
  }

  #pump(): void {
    while (this.#running < AT_ONCE) {
      const question = this.#next();
      if (question === null) return;
      void this.#handle(question);
    }
  }

  /** Jobs take turns. */
  #next(): Question | null {
    for (const [job, questions] of this.#waiting) {
      if ((this.#busy.get(job) ?? 0) >= OF_ONE_JOB) continue;
      const question = questions.shift()!;
      this.#waiting.delete(job);
      if (questions.length > 0) this.#waiting.set(job, questions);
      return question;
    }
    return null;
  }

  #count(job: number, change: 1 | -1): void {
    const busy = (this.#busy.get(job) ?? 0) + change;
    this.#running += change;
    if (busy === 0) this.#busy.delete(job);
    else this.#busy.set(job, busy);
  }

  async #handle({ request, tries }: Question): Promise<void> {
    const { scheduler, now } = this.#runtime;
    this.#count(request.job, 1);
    // Others are thought about while the answer is written: writes of one moment share a commit.
    const thought = this.#verdicts.answer(request, tries).finally(() => {
      this.#count(request.job, -1);
      this.#pump();
    });
    try {
      const answer = await thought;
      if (answer === null || this.#closed) return;
      await this.#runtime.run(`judgement:${request.unit}`, (effects) =>
        giveVerdict(scheduler, request, answer, now(), effects),
      );
    } catch (error) {
      if (!this.#closed) this.#again(request, tries, error);
    }
  }

  #again(request: JudgementRequest, tries: number, error: unknown): void {
    const { job, unit } = request;
    this.#logger.warn({ error, jobNumber: job, unit }, 'a judgement could not be made; it is tried again');
    const timer = setTimeout(
      () => {
        this.#retries.delete(timer);
        this.put(request, tries + 1);
      },
      Math.min(LONGEST_RETRY_MS, RETRY_MS * 2 ** tries),
    );
    this.#retries.add(timer);
  }
}
