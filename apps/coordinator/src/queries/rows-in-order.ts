import type { ChangeKind, ChangeRow, Position, ReadModel, ResultRow } from '@gossamer/store';

const compare = (a: Position, b: Position): number => a.fact - b.fact || a.unit - b.unit;

export interface RowsAsked {
  /** Whether final results are wanted. */
  final: boolean;
  kinds: readonly ChangeKind[];
  after: Position;
  /** All up to this fact is projected. What is projected while these tables are read, one after the other, lies behind it. */
  upto: number;
  limit: number;
}

/** Final results and changes of a job, of both tables in the order of its log. */
export interface RowsInOrder {
  rows: (ResultRow | ChangeRow)[];
  /** There is nothing more up to the fact. */
  isAll: boolean;
}

/** The first ones after a position, at most `limit`. */
export const rowsInOrder = async (
  reads: ReadModel,
  job: number,
  { final, kinds, after, upto, limit }: RowsAsked,
): Promise<RowsInOrder> => {
  const [results, changes] = await Promise.all([
    final ? reads.results(job, after, limit) : [],
    kinds.length > 0 ? reads.changes(job, kinds, after, limit) : [],
  ]);
  // Each is whole up to its end, or has as many as are wanted: so the first ones of both are the first ones.
  const rows = [...results, ...changes].filter(({ fact }) => fact <= upto).sort(compare);
  return {
    rows: rows.slice(0, limit),
    isAll: rows.length <= limit && results.length < limit && changes.length < limit,
  };
};
