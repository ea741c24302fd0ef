import type { Interval } from '@gossamer/protocol';
import { BATCHES } from './reduction.ts';

/** Student's t for 95 %, two-sided, with one degree of freedom less than there are batches (15). */
const T = 2.131_45;
/** Results a batch, on the average, before its answer says anything. */
const LEAST = 4;

/** Intervals, or why there are none. */
export interface Intervals {
  intervals: Interval[];
  noIntervals: string | null;
}

const none = (noIntervals: string): Intervals => ({ intervals: [], noIntervals });

type Numbers = Map<string, number>;

/** The numbers in a value, by their JSON pointer (RFC 6901). */
const numbersIn = (value: unknown, path = '', found: Numbers = new Map()): Numbers => {
  if (typeof value === 'number') found.set(path, value);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      numbersIn(item, `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, found);
    }
  }
  return found;
};

/** The sample standard deviation. */
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
};

/**
 * The 95 % interval of each number of an answer, by the method of batch means (Law and Kelton, Simulation Modeling and
 * Analysis): every batch has answered for itself, and value ± t * s / sqrt(batches), with s the deviation of their
 * answers. It holds for what an answer of more results would not change but make surer (a mean, a share), which is what
 * `answer` is for. `answers`: that of the whole, then those of the batches; null where the program has no `answer`. Where
 * there is no interval, `noIntervals` says why.
 */
export const intervalsOf = (answers: readonly unknown[] | null, folded: number): Intervals => {
  if (answers === null)
    return none('the program exports no `answer`: intervals are those of the numbers that it gives');
  const [whole, ...batches] = answers;
  const least = LEAST * BATCHES;
  if (folded < least) return none(`${least} results are needed, and ${folded} are in it`);
  const unanswered = batches.filter((batch) => batch === null).length;
  if (unanswered > 0) {
    return none(`results are answered in ${BATCHES} batches, and \`answer\` says nothing of ${unanswered} of them yet`);
  }
  const numbers = numbersIn(whole);
  if (numbers.size === 0) return none('`answer` gives no number');
  const found = batches.map((batch) => numbersIn(batch));
  const intervals = [...numbers].flatMap(([path, value]) => {
    const values = found.flatMap((of) => of.get(path) ?? []);
    if (values.length < BATCHES) return [];
    const half = (T * deviation(values)) / Math.sqrt(BATCHES);
    return [{ path, value, low: value - half, high: value + half }];
  });
  if (intervals.length > 0) return { intervals, noIntervals: null };
  return none(`results are answered in ${BATCHES} batches, and none of its numbers is in the answer of each of them`);
};
