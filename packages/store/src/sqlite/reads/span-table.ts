import type { Shard } from '../../log-store.ts';
import type { Connection } from '../connection.ts';
import type { PackedRows } from './packed-rows.ts';
import { Gathered, rowsOf, spansOf } from './spans.ts';

interface Blob {
  rows: Uint8Array;
}

/**
 * Rows of a table that keeps them in spans: a row of SQLite's each would cost several times as much as all else that is
 * done for a tiny unit. Numbers grow with the facts, so that spans in the order of their numbers are in that of their rows.
 * What is asked of one unit looks at the index's entry of each span of the shard: 10^8 units have some 10^5.
 */
export class SpanTable {
  readonly #width: number;
  readonly #insert;
  readonly #after;
  readonly #ofUnit;
  readonly #lastOfUnit;
  readonly #forget;

  /** @param width numbers of a row, the first two its fact and its unit */
  constructor(connection: Connection, table: 'result' | 'unit_fact', width: number) {
    this.#width = width;
    this.#insert = connection.prepare<[number, number, number, number, Uint8Array]>(
      `INSERT INTO ${table} (shard, last, least_unit, greatest_unit, rows) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#after = connection.prepare<[number, number], Blob>(
      `SELECT rows FROM ${table} WHERE shard = ? AND last >= ? ORDER BY last, number`,
    );
    const ofUnit = `SELECT rows FROM ${table} WHERE shard = ? AND least_unit <= ? AND greatest_unit >= ? ORDER BY number`;
    this.#ofUnit = connection.prepare<[number, number, number], Blob>(ofUnit);
    this.#lastOfUnit = connection.prepare<[number, number, number], Blob>(`${ofUnit} DESC`);
    this.#forget = connection.prepare<[number, number]>(
      `DELETE FROM ${table} WHERE number IN (SELECT number FROM ${table} WHERE shard = ? LIMIT ?)`,
    );
  }

  /** Adds the rows that lie after a fact. */
  add(shard: Shard, rows: PackedRows, after: number): void {
    for (const { last, leastUnit, greatestUnit, rows: own } of spansOf(rows, this.#width, after)) {
      this.#insert.run(shard, last, leastUnit, greatestUnit, new Uint8Array(own.buffer));
    }
  }

  /** Rows after (fact, unit), by fact and unit, at most `limit`. */
  page(shard: Shard, fact: number, unit: number, limit: number): PackedRows {
    const found = new Gathered(this.#width, limit);
    for (const { rows: blob } of this.#after.iterate(shard, fact)) {
      const rows = rowsOf(blob);
      for (let at = 0; at < rows.length; at += this.#width) {
        if (found.isFull) return found.rows;
        if (rows[at]! > fact || (rows[at] === fact && rows[at + 1]! > unit)) found.take(rows, at);
      }
    }
    return found.rows;
  }

  /** Rows of a unit, by fact, at most `limit`. */
  ofUnit(shard: Shard, unit: number, limit: number): PackedRows {
    const found = new Gathered(this.#width, limit);
    for (const { rows: blob } of this.#ofUnit.iterate(shard, unit, unit)) {
      const rows = rowsOf(blob);
      for (let at = 0; at < rows.length; at += this.#width) {
        if (found.isFull) return found.rows;
        if (rows[at + 1] === unit) found.take(rows, at);
      }
    }
    return found.rows;
  }

  /** The last row of a unit, or none. */
  lastOfUnit(shard: Shard, unit: number): PackedRows {
    for (const { rows: blob } of this.#lastOfUnit.iterate(shard, unit, unit)) {
      const rows = rowsOf(blob);
      for (let at = rows.length - this.#width; at >= 0; at -= this.#width) {
        if (rows[at + 1] === unit) return rows.slice(at, at + this.#width);
      }
    }
    return new Float64Array(0);
  }

  /** Removes some spans of a shard; whether so many as that were there. */
  forget(shard: Shard, spans: number): boolean {
    return this.#forget.run(shard, spans).changes === spans;
  }
}
