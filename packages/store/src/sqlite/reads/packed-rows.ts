import type { ChangeRow, ResultRow, UnitFactRow } from '../../read-model.ts';

/** Rows as plain numbers in one buffer, which moves to the thread instead of being cloned object by object. */
export type PackedRows = Float64Array<ArrayBuffer>;

export const packResults = (rows: readonly ResultRow[]): PackedRows =>
  Float64Array.from(
    rows.flatMap(({ fact, unit, seq, offset, length, encoding }) => [fact, unit, seq, offset, length, encoding]),
  );

export const packUnitFacts = (rows: readonly UnitFactRow[]): PackedRows =>
  Float64Array.from(rows.flatMap(({ unit, fact, seq }) => [unit, fact, seq]));

export const packChanges = (rows: readonly ChangeRow[]): PackedRows =>
  Float64Array.from(
    rows.flatMap(({ fact, unit, kind, seq, offset, length, encoding }) => [
      fact,
      unit,
      kind,
      seq,
      offset,
      length,
      encoding,
    ]),
  );

/** The packed numbers, `width` a row. */
export function* unpackRows(packed: PackedRows, width: number): Generator<number[]> {
  for (let at = 0; at < packed.length; at += width) yield [...packed.subarray(at, at + width)];
}
