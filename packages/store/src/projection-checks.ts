import type { Projection } from './read-model.ts';

/**
 * The rows that lie after the cursor. Throws RangeError for a row after `upto`: it would be lost, because the cursor
 * moves only to `upto`.
 */
export const rowsAfter = (cursor: number, upto: number, { results, unitFacts, changes }: Projection): Projection => {
  for (const { fact } of [results, unitFacts, changes].flat()) {
    if (fact > upto) throw new RangeError(`a row of fact ${fact} is projected up to fact ${upto}`);
  }
  return {
    results: results.filter(({ fact }) => fact > cursor),
    unitFacts: unitFacts.filter(({ fact }) => fact > cursor),
    changes: changes.filter(({ fact }) => fact > cursor),
  };
};
