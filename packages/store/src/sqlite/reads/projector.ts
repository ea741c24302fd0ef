import type { Shard } from '../../log-store.ts';
import type { Connection } from '../connection.ts';
import type { PackedProjection } from './messages.ts';
import { unpackRows } from './packed-rows.ts';

const CURSOR = 'SELECT upto FROM cursor WHERE shard = ?';
const MOVE = 'INSERT INTO cursor (shard, upto) VALUES (?, ?) ON CONFLICT DO UPDATE SET upto = excluded.upto';
const RESULT =
  'INSERT OR REPLACE INTO result (shard, fact, unit, seq, offset, length, encoding) VALUES (?, ?, ?, ?, ?, ?, ?)';
const UNIT_FACT = 'INSERT OR REPLACE INTO unit_fact (shard, unit, fact, seq) VALUES (?, ?, ?, ?)';
const CHANGE =
  'INSERT OR REPLACE INTO change (shard, fact, unit, kind, seq, offset, length, encoding) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

export interface Projector {
  cursor(shard: Shard): number;
  project(shard: Shard, upto: number, rows: PackedProjection): void;
}

/** Adds the rows after the cursor and moves it, in one transaction. */
export const projector = (connection: Connection): Projector => {
  const stored = connection.prepare<[number], { upto: number }>(CURSOR);
  const move = connection.prepare<[number, number]>(MOVE);
  const insertResult = connection.prepare<number[]>(RESULT);
  const insertUnitFact = connection.prepare<number[]>(UNIT_FACT);
  const insertChange = connection.prepare<number[]>(CHANGE);
  const cursor = (shard: Shard): number => stored.get(shard)?.upto ?? 0;

  const project = (shard: Shard, upto: number, rows: PackedProjection): void => {
    const before = cursor(shard);
    if (upto <= before) return;
    for (const row of unpackRows(rows.results, 6)) if (row[0]! > before) insertResult.run(shard, ...row);
    for (const row of unpackRows(rows.unitFacts, 3)) if (row[1]! > before) insertUnitFact.run(shard, ...row);
    for (const row of unpackRows(rows.changes, 7)) if (row[0]! > before) insertChange.run(shard, ...row);
    move.run(shard, upto);
  };
  return { cursor, project: connection.transaction(project) };
};
