import type { Shard } from '../../log-store.ts';
import type { Connection } from '../connection.ts';
import type { PackedProjection } from './messages.ts';
import { type PackedRows, WIDTH } from './packed-rows.ts';
import type { SpanTable } from './span-table.ts';

const CURSOR = 'SELECT upto FROM cursor WHERE shard = ?';
const MOVE = 'INSERT INTO cursor (shard, upto) VALUES (?, ?) ON CONFLICT DO UPDATE SET upto = excluded.upto';
const CHANGE =
  'INSERT OR REPLACE INTO change (shard, fact, unit, kind, seq, offset, length, encoding) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

export interface Projector {
  cursor(shard: Shard): number;
  project(shard: Shard, upto: number, rows: PackedProjection): void;
}

/** The packed numbers, `width` a row. */
function* rowsIn(packed: PackedRows, width: number): Generator<number[]> {
  for (let at = 0; at < packed.length; at += width) yield Array.from(packed.subarray(at, at + width));
}

/** Adds the rows after the cursor and moves it, in one transaction. */
export const projector = (connection: Connection, results: SpanTable, unitFacts: SpanTable): Projector => {
  const stored = connection.prepare<[number], { upto: number }>(CURSOR);
  const move = connection.prepare<[number, number]>(MOVE);
  const insertChange = connection.prepare<number[]>(CHANGE);
  const cursor = (shard: Shard): number => stored.get(shard)?.upto ?? 0;

  const project = (shard: Shard, upto: number, rows: PackedProjection): void => {
    const before = cursor(shard);
    if (upto <= before) return;
    results.add(shard, rows.results, before);
    unitFacts.add(shard, rows.unitFacts, before);
    for (const row of rowsIn(rows.changes, WIDTH.change)) if (row[0]! > before) insertChange.run(shard, ...row);
    move.run(shard, upto);
  };
  return { cursor, project: connection.transaction(project) };
};
