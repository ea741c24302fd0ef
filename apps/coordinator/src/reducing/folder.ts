import type { Fold, Folded, FoldState, Judge } from '@gossamer/judge';
import { JudgeError } from '@gossamer/judge';
import type { Encoding } from '@gossamer/protocol';
import type { ProgramText } from '../runtime/program-texts.ts';
import { FAILED } from '../queries/places.ts';
import type { FinalResult } from '../queries/queries.ts';
import { orderFault } from './order.ts';
import type { Reduction } from './reduction.ts';
import { batchOf } from './reduction.ts';

/** Results of one call of the judge, at first and at the most. */
const FIRST = 64;
export const MOST = 2048;
/** A call that took less may take twice as many the next time, ms. */
const QUICK_MS = 200;
/** Results by which the order is tried out, at the most; each time that four times as many have been folded. */
const SAMPLE = 32;
const SPARSER = 4;

/** The program's own doing, in contrast to the judge's. */
const isOurs = ({ reason }: JudgeError): boolean => reason === 'crashed';
/** Fewer results may do. */
const isTooMuch = ({ reason }: JudgeError): boolean => reason === 'time' || reason === 'memory';

const foldedOf = ({ unit, encoding, body }: FinalResult): Folded => ({
  result: { encoding: encoding as Encoding, body },
  place: batchOf(unit),
});

/** Folds the results of one job, some at a time. */
export class Folder {
  readonly #judge: Judge;
  readonly #program: () => Promise<ProgramText>;
  #most = FIRST;
  #tried = 0;
  #wasLate = false;

  constructor(judge: Judge, program: () => Promise<ProgramText>) {
    this.#judge = judge;
    this.#program = program;
  }

  /** How many results it can take next. */
  get most(): number {
    return this.#most;
  }

  /**
   * The reduction with the next results of the list in it, or with the reason why that cannot be. Rejects where the judge
   * broke down, with nothing done.
   */
  async fold(before: Reduction, finals: readonly FinalResult[]): Promise<Reduction> {
    const last = finals.at(-1)!;
    const position = { fact: last.fact, unit: last.unit };
    let results = finals.filter(({ encoding }) => encoding !== FAILED).map(foldedOf);
    let skipped = 0;
    try {
      for (;;) {
        if (results.length === 0) return { ...before, position, skipped: before.skipped + skipped };
        const made = await this.#ask(before.states, results);
        if (!('unreadable' in made)) {
          const failure = await this.#orderFault(before.folded, results);
          const [folded, left] = [before.folded + results.length, before.skipped + skipped];
          return { position, folded, skipped: left, states: made.states, answers: made.answers, failure };
        }
        results = results.filter((_, index) => index !== made.unreadable);
        skipped += 1;
      }
    } catch (error) {
      if (!(error instanceof JudgeError) || isOurs(error)) throw error;
      if (isTooMuch(error) && finals.length > 1) {
        this.#most = Math.max(1, Math.floor(finals.length / 2));
        return this.fold(before, finals.slice(0, this.#most));
      }
      // A single one may have met a machine that was busy.
      if (isTooMuch(error) && !this.#wasLate) {
        this.#wasLate = true;
        throw error;
      }
      return { ...before, failure: error.message };
    }
  }

  async #ask(states: readonly FoldState[], results: readonly Folded[]): Promise<Fold | { unreadable: number }> {
    const program = await this.#program();
    const started = performance.now();
    const made = await this.#judge.fold(program, states, results);
    const isQuick = performance.now() - started < QUICK_MS;
    if (isQuick && results.length >= this.#most) this.#most = Math.min(MOST, 2 * this.#most);
    return made;
  }

  async #orderFault(before: number, results: readonly Folded[]): Promise<string | null> {
    if (results.length < 2 || before < this.#tried * SPARSER) return null;
    this.#tried = before + results.length;
    const program = await this.#program();
    return orderFault(results.slice(0, SAMPLE), async (sample) => {
      const made = await this.#judge.fold(program, [null], sample);
      if ('unreadable' in made) throw new Error('a result was readable before');
      return made.states[0]!;
    });
  }
}
