import { StoreClosed } from '../errors.ts';
import type { Shard } from '../log-store.ts';
import { rowsAfter } from '../projection-checks.ts';
import type { ChangeKind, ChangeRow, Projection, ReadModel, ResultRow, UnitFactRow } from '../read-model.ts';

interface Rows {
  cursor: number;
  /** By (fact, unit). */
  results: Map<string, ResultRow>;
  /** By (unit, fact). */
  unitFacts: Map<string, UnitFactRow>;
  /** By (fact, unit). */
  changes: Map<string, ChangeRow>;
  reduction: string | null;
}

interface Place {
  fact: number;
  unit: number;
}

const byFactAndUnit = (a: Place, b: Place): number => a.fact - b.fact || a.unit - b.unit;

const pageAfter = <Row extends Place>(rows: Iterable<Row>, after: Place, limit: number): Row[] =>
  [...rows]
    .filter((row) => byFactAndUnit(row, after) > 0)
    .sort(byFactAndUnit)
    .slice(0, limit);

/** Projected rows for tests: the contract, without the disk. */
export class MemoryReadModel implements ReadModel {
  readonly #shards = new Map<Shard, Rows>();
  #closed = false;

  async cursor(shard: Shard): Promise<number> {
    return this.#rows(shard).cursor;
  }

  async project(shard: Shard, upto: number, projection: Projection): Promise<void> {
    const rows = this.#rows(shard);
    const { results, unitFacts, changes } = rowsAfter(rows.cursor, upto, projection);
    for (const row of results) rows.results.set(`${row.fact} ${row.unit}`, { ...row });
    for (const row of unitFacts) rows.unitFacts.set(`${row.unit} ${row.fact}`, { ...row });
    for (const row of changes) rows.changes.set(`${row.fact} ${row.unit}`, { ...row });
    rows.cursor = Math.max(rows.cursor, upto);
    this.#shards.set(shard, rows);
  }

  async results(shard: Shard, after: Place, limit: number): Promise<ResultRow[]> {
    return pageAfter(this.#rows(shard).results.values(), after, limit);
  }

  async changes(shard: Shard, kinds: readonly ChangeKind[], after: Place, limit: number): Promise<ChangeRow[]> {
    const rows = [...this.#rows(shard).changes.values()].filter(({ kind }) => kinds.includes(kind));
    return pageAfter(rows, after, limit);
  }

  async result(shard: Shard, unit: number): Promise<ResultRow | null> {
    const rows = [...this.#rows(shard).results.values()].filter((row) => row.unit === unit);
    return rows.sort(byFactAndUnit).at(-1) ?? null;
  }

  async unitFacts(shard: Shard, unit: number, limit: number): Promise<UnitFactRow[]> {
    const rows = [...this.#rows(shard).unitFacts.values()].filter((row) => row.unit === unit);
    return rows.sort(byFactAndUnit).slice(0, limit);
  }

  async reduction(shard: Shard): Promise<string | null> {
    return this.#rows(shard).reduction;
  }

  async keepReduction(shard: Shard, snapshot: string): Promise<void> {
    this.#shards.set(shard, { ...this.#rows(shard), reduction: snapshot });
  }

  async forget(shard: Shard): Promise<void> {
    this.#rows(shard);
    this.#shards.delete(shard);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #rows(shard: Shard): Rows {
    if (this.#closed) throw new StoreClosed('the read model is closed');
    const known = this.#shards.get(shard);
    if (known !== undefined) return known;
    return { cursor: 0, results: new Map(), unitFacts: new Map(), changes: new Map(), reduction: null };
  }
}
