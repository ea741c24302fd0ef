import type { Projection } from './read-model.ts';

/** Throws RangeError for a row after `upto`: it would be lost, because the cursor moves only to `upto`. */
export const requireUpTo = (upto: number, { results, unitFacts, changes }: Projection): void => {
  for (const rows of [results, unitFacts, changes]) {
    for (const { fact } of rows) {
      if (fact > upto) throw new RangeError(`a row of fact ${fact} is projected up to fact ${upto}`);
    }
  }
};

/** The rows that lie after the cursor. Throws as `requireUpTo`. */
export const rowsAfter = (cursor: number, upto: number, projection: Projection): Projection => {
  requireUpTo(upto, projection);
  const { results, unitFacts, changes } = projection;
  return {
    results: results.filter(({ fact }) => fact > cursor),
    unitFacts: unitFacts.filter(({ fact }) => fact > cursor),
    changes: changes.filter(({ fact }) => fact > cursor),
  };
};
