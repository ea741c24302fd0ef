import { cursor } from './0001-cursor.ts';
import { result } from './0002-result.ts';
import { resultByUnit } from './0003-result-by-unit.ts';
import { unitFact } from './0004-unit-fact.ts';
import { change } from './0005-change.ts';
import { anew } from './0006-anew.ts';
import { reduction } from './0007-reduction.ts';
import { spans } from './0008-spans.ts';

/** In order and for good: a statement that was released is never changed, only followed by another. */
export const READS_MIGRATIONS: readonly string[] = [
  cursor,
  result,
  resultByUnit,
  unitFact,
  change,
  anew,
  reduction,
  ...spans,
];
