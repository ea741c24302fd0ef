import type { ChangeRow, ResultRow, UnitFactRow } from '../../read-model.ts';

/**
 * Rows as plain numbers in one buffer, which moves between threads instead of being cloned object by object. Each row
 * begins with its fact and its unit.
 */
export type PackedRows = Float64Array<ArrayBuffer>;

const pack =
  <Row>(fields: readonly (keyof Row)[]) =>
  (rows: readonly Row[]): PackedRows => {
    const packed = new Float64Array(rows.length * fields.length);
    let at = 0;
    for (const row of rows) for (const field of fields) packed[at++] = row[field] as number;
    return packed;
  };

/** Numbers of one row. */
export const WIDTH = { result: 6, unitFact: 3, change: 7 } as const;

export const packResults = pack<ResultRow>(['fact', 'unit', 'seq', 'offset', 'length', 'encoding']);
export const packUnitFacts = pack<UnitFactRow>(['fact', 'unit', 'seq']);
export const packChanges = pack<ChangeRow>(['fact', 'unit', 'kind', 'seq', 'offset', 'length', 'encoding']);

export const unpackResults = (packed: PackedRows): ResultRow[] => {
  const rows: ResultRow[] = [];
  for (let at = 0; at < packed.length; at += WIDTH.result) {
    rows.push({
      fact: packed[at]!,
      unit: packed[at + 1]!,
      seq: packed[at + 2]!,
      offset: packed[at + 3]!,
      length: packed[at + 4]!,
      encoding: packed[at + 5]!,
    });
  }
  return rows;
};

export const unpackUnitFacts = (packed: PackedRows): UnitFactRow[] => {
  const rows: UnitFactRow[] = [];
  for (let at = 0; at < packed.length; at += WIDTH.unitFact) {
    rows.push({ fact: packed[at]!, unit: packed[at + 1]!, seq: packed[at + 2]! });
  }
  return rows;
};
