import { ReadModelDamaged } from '../../errors.ts';
import type { ChangeRow, ResultRow, UnitFactRow } from '../../read-model.ts';
import { asFull, type Connection, saysDamaged } from '../connection.ts';
import type { Reply, Service } from '../thread/serve-thread.ts';
import type { ReadsRequest } from './messages.ts';
import { type Projector, projector } from './projector.ts';
import { openReads, removeReads } from './reads-file.ts';

const ROW = 'SELECT unit, fact, seq, offset, length, encoding FROM result';
const RESULTS = `${ROW} WHERE shard = ? AND (fact, unit) > (?, ?) ORDER BY fact, unit LIMIT ?`;
const CHANGES =
  'SELECT unit, fact, kind, seq, offset, length, encoding FROM change WHERE shard = ? AND (fact, unit) > (?, ?) ' +
  'AND kind IN (SELECT value FROM json_each(?)) ORDER BY fact, unit LIMIT ?';
const RESULT = `${ROW} WHERE shard = ? AND unit = ? ORDER BY fact DESC LIMIT 1`;
const UNIT_FACTS = 'SELECT unit, fact, seq FROM unit_fact WHERE shard = ? AND unit = ? ORDER BY fact LIMIT ?';
const REDUCTION = 'SELECT snapshot FROM reduction WHERE shard = ?';
const KEEP_REDUCTION = 'INSERT OR REPLACE INTO reduction (shard, snapshot) VALUES (?, ?)';

/** So many rows are forgotten at once, as whoever asks meanwhile waits for it. */
const FORGET_STEP = 10_000;
/** The cursor goes last: a shard of which rows are left is known by it. */
const FORGET = [
  `DELETE FROM result WHERE shard = :shard AND (fact, unit) IN (SELECT fact, unit FROM result WHERE shard = :shard LIMIT ${FORGET_STEP})`,
  `DELETE FROM unit_fact WHERE shard = :shard AND (unit, fact) IN (SELECT unit, fact FROM unit_fact WHERE shard = :shard LIMIT ${FORGET_STEP})`,
  `DELETE FROM change WHERE shard = :shard AND (fact, unit) IN (SELECT fact, unit FROM change WHERE shard = :shard LIMIT ${FORGET_STEP})`,
  'DELETE FROM reduction WHERE shard = :shard',
  'DELETE FROM cursor WHERE shard = :shard',
];

/** The read model's queries and its only writer. */
export class ReadsService implements Service {
  readonly #path: string;
  readonly #connection: Connection;
  readonly #projector: Projector;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#connection = openReads(path);
    } catch (error) {
      throw asFull(error, path);
    }
    this.#projector = projector(this.#connection);
  }

  /**
   * Damage that shows up in use ends the model until the next start: were it emptied under its projector, that would go
   * on from a cursor which is no longer true.
   */
  handle(request: ReadsRequest): Reply {
    if (!this.#connection.open) throw this.#damaged();
    try {
      return { value: this.#answer(request) };
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
      case 'results':
        return this.#connection
          .prepare<number[], ResultRow>(RESULTS)
          .all(request.shard, request.fact, request.unit, request.limit);
      case 'changes':
        return this.#connection
          .prepare<[number, number, number, string, number], ChangeRow>(CHANGES)
          .all(request.shard, request.fact, request.unit, JSON.stringify(request.kinds), request.limit);
      case 'result':
        return this.#connection.prepare<number[], ResultRow>(RESULT).get(request.shard, request.unit) ?? null;
      case 'forget':
        return this.#forget(request.shard);
      case 'unit-facts':
        return this.#connection
          .prepare<number[], UnitFactRow>(UNIT_FACTS)
          .all(request.shard, request.unit, request.limit);
      case 'reduction':
        return this.#connection.prepare<number[], { snapshot: string }>(REDUCTION).get(request.shard)?.snapshot ?? null;
      case 'keep-reduction':
        this.#connection.prepare<[number, string]>(KEEP_REDUCTION).run(request.shard, request.snapshot);
        return null;
    }
  }
}
