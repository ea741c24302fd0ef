import type { Shard, Snapshot } from '../../log-store.ts';
import { asFull, type Connection } from '../connection.ts';
import type { Reply, Service } from '../thread/serve-thread.ts';
import { snapshotChecksum } from './checksum.ts';
import { damaged } from './damaged.ts';
import { asDamaged, connectLog } from './log-connection.ts';
import { compactor } from './compact-segments.ts';
import type { LogThreadData, ReadRequest } from './messages.ts';
import { packSegments } from './packed-segments.ts';
import { pageReader } from './read-page.ts';

/** Reads beside the writer, and does the long part of its checkpoints. */
export class LogReader implements Service {
  readonly #connection: Connection;
  readonly #page: ReturnType<typeof pageReader>;
  readonly #compact: ReturnType<typeof compactor>;

  constructor(data: LogThreadData) {
    this.#connection = connectLog(data);
    this.#connection.pragma('query_only = ON');
    this.#page = pageReader(this.#connection);
    this.#compact = compactor(this.#connection, this.#page);
  }

  handle(request: ReadRequest): Reply {
    try {
      return this.#answer(request);
    } catch (error) {
      const { name } = this.#connection;
      const whose = request.kind === 'checkpoint' ? 'it' : `the log of shard ${request.shard}`;
      throw asDamaged(asFull(error, name), name, `${whose} is damaged`);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #answer(request: ReadRequest): Reply {
    switch (request.kind) {
      case 'epoch':
        return { value: this.#epoch(request.shard) };
      case 'page': {
        const page = this.#page(request.shard, request.afterSeq, request.maxBytes);
        const { packed, transfer } = packSegments(page, { transfer: true });
        return { value: packed, transfer };
      }
      case 'snapshot':
        return this.#snapshot(request.shard);
      case 'compact': {
        const prepared = this.#compact(request);
        return { value: prepared, transfer: prepared === null ? [] : [prepared.replacement.stored.buffer] };
      }
      case 'checkpoint':
        this.#connection.pragma('wal_checkpoint(PASSIVE)');
        return { value: null };
    }
  }

  #epoch(shard: Shard): number {
    const row = this.#connection
      .prepare<[number], { epoch: number }>('SELECT epoch FROM shard WHERE shard = ?')
      .get(shard);
    return row?.epoch ?? 0;
  }

  #snapshot(shard: Shard): Reply {
    const row = this.#connection
      .prepare<[number], Snapshot & { checksum: number }>('SELECT seq, checksum, blob FROM snapshot WHERE shard = ?')
      .get(shard);
    if (row === undefined) return { value: null };
    const { seq, checksum } = row;
    if (snapshotChecksum(shard, seq, row.blob) !== checksum) {
      const what = `the snapshot of shard ${shard} at fact ${seq} is damaged: its checksum is wrong`;
      throw damaged(this.#connection.name, what);
    }
    const blob = new Uint8Array(row.blob);
    return { value: { seq, blob } satisfies Snapshot, transfer: [blob.buffer] };
  }
}
