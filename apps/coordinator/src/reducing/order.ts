import { sameJson } from '@gossamer/core';
import type { Folded, FoldState } from '@gossamer/judge';

/** Sums of floats differ by their order in the last digits. */
const NEAR = { absolute: 1e-9, relative: 1e-9 };
const SHOWN = 200;

/** Folds results into one state, from the beginning; gives the state. */
export type FoldAlone = (results: readonly Folded[]) => Promise<FoldState>;

const shown = (state: FoldState): string => {
  const text = JSON.stringify(state?.acc ?? null);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
};

/**
 * Whether `reduce` makes the same of a sample of results forwards and backwards: results come in any order, so what
 * depends on it is no answer. null: it does; else what is wrong, in words.
 */
export const orderFault = async (sample: readonly Folded[], fold: FoldAlone): Promise<string | null> => {
  const alone = sample.map(({ result }) => ({ result, place: 0 }));
  const [forwards, backwards] = [await fold(alone), await fold(alone.toReversed())];
  if (sameJson(forwards?.acc, backwards?.acc, NEAR)) return null;
  return (
    `reduce depends on the order of the results, which come in any: of ${sample.length} of them it makes ` +
    `${shown(forwards)}, and backwards ${shown(backwards)}`
  );
};
