import { blosum62 } from './blosum62.ts';

/** What gaps cost: their first letter `open`, each further one `extend`. */
export interface GapCosts {
  open: number;
  extend: number;
}

export interface Alignment {
  score: number;
  /** The aligned parts, of the same length, with `-` for a letter that has no counterpart. */
  query: string;
  subject: string;
}

/**
 * The best local alignment of two sequences, itself and not only its score: by Smith and Waterman's recurrence as they
 * wrote it, which tries every length of a gap, with the whole matrix kept to trace the alignment back. Nothing of it is
 * shared with the program of the tabs, which it checks. Time grows with the cube of the length.
 */
export const alignLocally = (query: string, subject: string, { open, extend }: GapCosts): Alignment => {
  const columns = subject.length + 1;
  const best = new Float64Array((query.length + 1) * columns);
  /** How the best alignment came to a cell: 0 begins it, n > 0 is a gap of n in the subject, n < 0 in the query. */
  const came = new Int32Array(best.length);
  const DIAGONAL = 1 << 30;
  let top = 0;
  for (let i = 1; i <= query.length; i++) {
    for (let j = 1; j <= subject.length; j++) {
      const at = i * columns + j;
      let [score, how] = [0, 0];
      const consider = (candidate: number, from: number): void => {
        if (candidate > score) [score, how] = [candidate, from];
      };
      consider(best[at - columns - 1]! + blosum62(query[i - 1]!, subject[j - 1]!), DIAGONAL);
      for (let n = 1; n <= i; n++) consider(best[at - n * columns]! - open - (n - 1) * extend, n);
      for (let n = 1; n <= j; n++) consider(best[at - n]! - open - (n - 1) * extend, -n);
      [best[at], came[at]] = [score, how];
      if (score > best[top]!) top = at;
    }
  }
  let [a, b] = ['', ''];
  for (let at = top; came[at] !== 0;) {
    const how = came[at]!;
    const [up, left] = how === DIAGONAL ? [1, 1] : how > 0 ? [how, 0] : [0, -how];
    const [i, j] = [Math.floor(at / columns), at % columns];
    a = query.slice(i - up, i) + '-'.repeat(Math.max(0, left - up)) + a;
    b = subject.slice(j - left, j) + '-'.repeat(Math.max(0, up - left)) + b;
    at -= up * columns + left;
  }
  return { score: best[top]!, query: a, subject: b };
};
