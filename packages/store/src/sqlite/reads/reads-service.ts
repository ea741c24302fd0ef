import { ReadModelDamaged } from '../../errors.ts';
import type { ChangeRow } from '../../read-model.ts';
import { asFull, type Connection, saysDamaged } from '../connection.ts';
import type { Reply, Service } from '../thread/serve-thread.ts';
import type { ReadsRequest } from './messages.ts';
import { type PackedRows, WIDTH } from './packed-rows.ts';
import { type Projector, projector } from './projector.ts';
import { openReads, removeReads } from './reads-file.ts';
import { SpanTable } from './span-table.ts';

const CHANGES =
  'SELECT unit, fact, kind, seq, offset, length, encoding FROM change WHERE shard = ? AND (fact, unit) > (?, ?) ' +
  'AND kind IN (SELECT value FROM json_each(?)) ORDER BY fact, unit LIMIT ?';
const REDUCTION = 'SELECT snapshot FROM reduction WHERE shard = ?';
const KEEP_REDUCTION = 'INSERT OR REPLACE INTO reduction (shard, snapshot) VALUES (?, ?)';

/** So many rows, and spans of rows, are forgotten at once, as whoever asks meanwhile waits for it. */
const FORGET_STEP = 10_000;
const FORGET_SPANS = 100;
/** The cursor goes last: a shard of which rows are left is known by it. */
const FORGET = [
  `DELETE FROM change WHERE shard = :shard AND (fact, unit) IN (SELECT fact, unit FROM change WHERE shard = :shard LIMIT ${FORGET_STEP})`,
  'DELETE FROM reduction WHERE shard = :shard',
  'DELETE FROM cursor WHERE shard = :shard',
];

/** The read model's queries and its only writer. */
export class ReadsService implements Service {
  readonly #path: string;
  readonly #connection: Connection;
  readonly #results: SpanTable;
  readonly #unitFacts: SpanTable;
  readonly #projector: Projector;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#connection = openReads(path);
    } catch (error) {
      throw asFull(error, path);
    }
    this.#results = new SpanTable(this.#connection, 'result', WIDTH.result);
    this.#unitFacts = new SpanTable(this.#connection, 'unit_fact', WIDTH.unitFact);
    this.#projector = projector(this.#connection, this.#results, this.#unitFacts);
  }

  /**
   * Damage that shows up in use ends the model until the next start: were it emptied under its projector, that would go
   * on from a cursor which is no longer true.
   */
  handle(request: ReadsRequest): Reply {
    if (!this.#connection.open) throw this.#damaged();
    try {
      const value = this.#answer(request);
      return { value, transfer: value instanceof Float64Array ? [(value as PackedRows).buffer] : [] };
    } catch (error) {
      if (!saysDamaged(error)) throw asFull(error, this.#path);
      this.#connection.close();
      removeReads(this.#path);
      throw this.#damaged();
    }
  }

  close(): void {
    this.#connection.close();
  }

  #damaged(): ReadModelDamaged {
    return new ReadModelDamaged(
      `${this.#path} was damaged and is deleted; the next start builds it again from the log`,
    );
  }

  #forget(shard: number): boolean {
    for (const spans of [this.#results, this.#unitFacts]) if (spans.forget(shard, FORGET_SPANS)) return true;
    for (const statement of FORGET) {
      if (this.#connection.prepare<[{ shard: number }]>(statement).run({ shard }).changes === FORGET_STEP) return true;
    }
    return false;
  }

  #answer(request: ReadsRequest): unknown {
    switch (request.kind) {
      case 'cursor':
        return this.#projector.cursor(request.shard);
      case 'project':
        this.#projector.project(request.shard, request.upto, request.rows);
        return null;
      case 'changes':
        return this.#connection
          .prepare<[number, number, number, string, number], ChangeRow>(CHANGES)
          .all(request.shard, request.fact, request.unit, JSON.stringify(request.kinds), request.limit);
      case 'results':
        return this.#results.page(request.shard, request.fact, request.unit, request.limit);
      case 'result':
        return this.#results.lastOfUnit(request.shard, request.unit);
      case 'forget':
        return this.#forget(request.shard);
      case 'unit-facts':
        return this.#unitFacts.ofUnit(request.shard, request.unit, request.limit);
      case 'reduction':
        return this.#connection.prepare<number[], { snapshot: string }>(REDUCTION).get(request.shard)?.snapshot ?? null;
      case 'keep-reduction':
        this.#connection.prepare<[number, string]>(KEEP_REDUCTION).run(request.shard, request.snapshot);
        return null;
    }
  }
}
