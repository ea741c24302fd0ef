import { LETTERS } from './blosum62.ts';
import { HBA_HUMAN, HBB_HUMAN, MYG_HUMAN, type Protein } from './proteins.ts';

/** How often each amino acid occurs, in thousandths, in the order of the matrix. Source: A. B. and L. R. Robinson, PNAS 88, 1991. */
const FREQUENCIES = [78, 51, 45, 54, 19, 43, 63, 74, 22, 51, 90, 57, 22, 39, 52, 71, 58, 13, 32, 64];

/** Numbers from 0 up to 1 that a seed fixes (mulberry32 by T. Ettinger). */
type Random = () => number;
const randomOf = (seed: number): Random => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

const TOTAL = FREQUENCIES.reduce((sum, frequency) => sum + frequency);

const letterOf = (random: Random): string => {
  let rest = random() * TOTAL;
  return LETTERS[FREQUENCIES.findIndex((frequency) => (rest -= frequency) < 0)]!;
};

const lettersOf = (random: Random, length: number): string => Array.from({ length }, () => letterOf(random)).join('');

/** Parts of a relative's letters that are not its ancestor's any more: near and distant ones. */
const CHANGED = [0.1, 0.2, 0.3, 0.4, 0.45] as const;
/** How often a letter is lost, or some come in before it. */
const GAPS = 0.02;

/** A descendant: letters replaced, lost and put in, between two stretches that are no relatives at all. */
const evolve = (letters: string, changed: number, random: Random): string => {
  let child = lettersOf(random, Math.floor(random() * 60));
  for (const letter of letters) {
    if (random() < GAPS) child += lettersOf(random, 1 + Math.floor(random() * 4));
    if (random() < GAPS) continue;
    child += random() < changed ? letterOf(random) : letter;
  }
  return child + lettersOf(random, Math.floor(random() * 60));
};

export interface Database {
  proteins: Protein[];
  /** Names of those that descend from the query, or are known to be its relatives. */
  relatives: string[];
}

/** A database of `count` proteins: made-up ones of 80 to 400 letters, and among them the query's relatives. */
export const makeDatabase = (count: number, seed: number): Database => {
  const random = randomOf(seed);
  const proteins = Array.from({ length: count }, (_, i) => ({
    name: `RANDOM_${i}`,
    letters: lettersOf(random, 80 + Math.floor(random() * 321)),
  }));
  const relatives = [
    HBB_HUMAN,
    MYG_HUMAN,
    ...CHANGED.map((changed) => ({
      name: `CHANGED_${Math.round(100 * changed)}`,
      letters: evolve(HBA_HUMAN.letters, changed, random),
    })),
  ];
  // Spread over the database, each into a stretch of its own.
  const stretch = Math.floor(count / relatives.length);
  for (const [i, relative] of relatives.entries()) proteins[i * stretch + Math.floor(random() * stretch)] = relative;
  return { proteins, relatives: relatives.map(({ name }) => name) };
};
