import type { Shard } from '../../log-store.ts';
import { requireUpTo } from '../../projection-checks.ts';
import type { ChangeKind, ChangeRow, Projection, ReadModel, ResultRow, UnitFactRow } from '../../read-model.ts';
import { ThreadClient } from '../thread/thread-client.ts';
import { threadUrl } from '../thread/thread-url.ts';
import type { ReadsRequest } from './messages.ts';
import {
  packChanges,
  type PackedRows,
  packResults,
  packUnitFacts,
  unpackResults,
  unpackUnitFacts,
} from './packed-rows.ts';

/**
 * The read model in an SQLite file of its own, in a thread of its own. A file that is missing, damaged or of a newer
 * version is made anew: its cursors are 0 again. Throws ReadModelDamaged when damage shows up later, StorageFull when
 * there is no room.
 */
export class SqliteReadModel implements ReadModel {
  readonly #thread: ThreadClient;

  private constructor(thread: ThreadClient) {
    this.#thread = thread;
  }

  static async open(path: string): Promise<SqliteReadModel> {
    return new SqliteReadModel(await ThreadClient.start(threadUrl('./reads-thread', import.meta.url), path));
  }

  async cursor(shard: Shard): Promise<number> {
    return this.#ask({ kind: 'cursor', shard });
  }

  async project(shard: Shard, upto: number, projection: Projection): Promise<void> {
    requireUpTo(upto, projection);
    const results = packResults(projection.results);
    const unitFacts = packUnitFacts(projection.unitFacts);
    const changes = packChanges(projection.changes);
    const buffers = [results.buffer, unitFacts.buffer, changes.buffer];
    await this.#ask({ kind: 'project', shard, upto, rows: { results, unitFacts, changes } }, buffers);
  }

  async results(shard: Shard, after: { fact: number; unit: number }, limit: number): Promise<ResultRow[]> {
    const { fact, unit } = after;
    return unpackResults(await this.#ask<PackedRows>({ kind: 'results', shard, fact, unit, limit }));
  }

  async changes(
    shard: Shard,
    kinds: readonly ChangeKind[],
    { fact, unit }: { fact: number; unit: number },
    limit: number,
  ): Promise<ChangeRow[]> {
    return this.#ask({ kind: 'changes', shard, kinds, fact, unit, limit });
  }

  async result(shard: Shard, unit: number): Promise<ResultRow | null> {
    return unpackResults(await this.#ask<PackedRows>({ kind: 'result', shard, unit }))[0] ?? null;
  }

  async unitFacts(shard: Shard, unit: number, limit: number): Promise<UnitFactRow[]> {
    return unpackUnitFacts(await this.#ask<PackedRows>({ kind: 'unit-facts', shard, unit, limit }));
  }

  async reduction(shard: Shard): Promise<string | null> {
    return this.#ask({ kind: 'reduction', shard });
  }

  async keepReduction(shard: Shard, snapshot: string): Promise<void> {
    await this.#ask({ kind: 'keep-reduction', shard, snapshot });
  }

  async forget(shard: Shard): Promise<void> {
    while (await this.#ask<boolean>({ kind: 'forget', shard }));
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #ask<Value>(request: ReadsRequest, transfer: ArrayBuffer[] = []): Promise<Value> {
    return this.#thread.call<Value>(request, transfer);
  }
}
