import type {
  AppendOptions,
  AppendOutcome,
  Compacted,
  CompactOptions,
  LogStore,
  Overwrite,
  Segment,
  Shard,
  Snapshot,
} from '../../log-store.ts';
import { from } from '../../segment-parts.ts';
import { checkSeq, checkShard, checkTrimmable, runsByShard } from '../../shard-run.ts';
import { lockOwnership } from '../ownership-lock.ts';
import { type Spawn, spawnThread, ThreadClient } from '../thread/thread-client.ts';
import { threadUrl } from '../thread/thread-url.ts';
import type { LogThreadData, Prepared, ReadRequest, ReplaceAnswer, TrimOutcome } from './messages.ts';
import { type PackedSegments, packSegments, unpackSegments } from './packed-segments.ts';
import { WalSweeper } from './wal-sweeper.ts';
import { WriteQueue } from './write-queue.ts';

export interface SqliteLogOptions {
  /** Page size of a new file, bytes. */
  pageSize?: number;
  /** The most pages that the file may have: a quota. Without it only the disk limits it. */
  maxPages?: number;
  /** From about so many bytes of write-ahead log on, it is copied into the database. */
  checkpointBytes?: number;
  /** Starts the threads. */
  spawn?: Spawn;
}

const PAGE_BYTES = 1024 * 1024;

/**
 * Logs in one SQLite file. A thread writes, another one reads and checkpoints, so that neither an fsync nor a replay
 * stalls the event loop, and a replay does not stall the commits.
 */
export class SqliteLogStore implements LogStore {
  readonly #writer: ThreadClient;
  readonly #reader: ThreadClient;
  readonly #queue: WriteQueue;
  readonly #unlock: () => void;
  readonly #checkpointBytes: number;
  #checkpointing: Promise<void> | null = null;
  readonly #sweeper = new WalSweeper(() => this.#clear());
  /** While the write-ahead log is cleared: reads of our own would be in the way. */
  #clearing: Promise<unknown> | null = null;

  private constructor(writer: ThreadClient, reader: ThreadClient, checkpointBytes: number, unlock: () => void) {
    this.#writer = writer;
    this.#reader = reader;
    this.#checkpointBytes = checkpointBytes;
    this.#unlock = unlock;
    this.#queue = new WriteQueue(writer, (pendingBytes) => this.#onCommit(pendingBytes));
  }

  /**
   * Opens or makes the file at `path`. Throws StoreInUse when another owner holds it, SchemaTooNew when a newer program
   * wrote it, LogDamaged when it is no database, StorageFull when there is no room to open it.
   */
  static async open(path: string, options: SqliteLogOptions = {}): Promise<SqliteLogStore> {
    const { pageSize = 8192, maxPages = 0, checkpointBytes = 32 * 1024 * 1024, spawn = spawnThread } = options;
    const data: LogThreadData = { path, pageSize, maxPages };
    const unlock = lockOwnership(`${path}.lock`);
    const opened: ThreadClient[] = [];
    try {
      // One after the other: the writer makes the schema that the reader needs.
      for (const entry of ['./writer-thread', './reader-thread']) {
        opened.push(await ThreadClient.start(threadUrl(entry, import.meta.url), data, spawn));
      }
      const [writer, reader] = opened as [ThreadClient, ThreadClient];
      const store = new SqliteLogStore(writer, reader, checkpointBytes, unlock);
      // A process that was killed after an overwrite left old bodies in the write-ahead log.
      store.#sweeper.owe();
      await store.swept();
      return store;
    } catch (error) {
      for (const thread of opened) await thread.close();
      unlock();
      throw error;
    }
  }

  async claim(shard: Shard, seenEpoch: number): Promise<{ epoch: number } | null> {
    checkShard(shard);
    return this.#queue.add({ kind: 'claim', shard, seenEpoch });
  }

  async epochOf(shard: Shard): Promise<number> {
    checkShard(shard);
    return this.#ask({ kind: 'epoch', shard });
  }

  async append(segments: readonly Segment[], options: AppendOptions = {}): Promise<AppendOutcome[]> {
    // Before the bodies are taken: a call that cannot be right leaves them with the caller.
    if (runsByShard(segments).length === 0) return [];
    const { packed, transfer } = packSegments(segments, options);
    return this.#queue.add({ kind: 'append', segments: packed }, transfer);
  }

  async *read(shard: Shard, afterSeq: number, maxBytes = PAGE_BYTES): AsyncIterable<Segment> {
    checkShard(shard);
    checkSeq(afterSeq);
    let page = await this.#page(shard, afterSeq, maxBytes);
    while (page.length > 0) {
      const last = page.at(-1)!;
      // The next page is read while this one is used. Its failure is thrown where it is awaited, if it ever is.
      const ahead = this.#page(shard, last.seq + last.n - 1, maxBytes);
      ahead.catch(() => undefined);
      yield* page;
      page = await ahead;
      // It may have been joined with what was read already.
      if (page.length > 0) page[0] = from(page[0]!, last.seq + last.n);
    }
  }

  async compact(shard: Shard, owner: number, afterSeq: number, options: CompactOptions): Promise<Compacted | 'fenced'> {
    checkShard(shard);
    checkSeq(afterSeq);
    const nothing = { upto: afterSeq, segments: 0, before: 0, after: 0 };
    const prepared = await this.#ask<Prepared>({ kind: 'compact', shard, owner, afterSeq, ...options });
    if (prepared === null) return nothing;
    const { replacement, before } = prepared;
    const { seq, n, segments, stored } = replacement;
    const after = stored.byteLength;
    const asked = this.#writer.call<ReplaceAnswer>({ compact: replacement }, [stored.buffer]);
    const { outcome, pendingBytes } = await asked;
    this.#onCommit(pendingBytes);
    if (outcome === 'changed') return nothing;
    return outcome === 'fenced' ? outcome : { upto: seq + n - 1, segments, before, after };
  }

  async overwrite(epoch: number, bodies: readonly Overwrite[]): Promise<AppendOutcome> {
    try {
      return await this.#writer.call<AppendOutcome>({ overwrite: { epoch, bodies } });
    } finally {
      // The old bodies are in earlier frames of the write-ahead log, also where it is not known what became of the call.
      this.#sweeper.owe();
    }
  }

  swept(): Promise<boolean> {
    return this.#sweeper.swept();
  }

  async setSnapshot(shard: Shard, epoch: number, seq: number, blob: Uint8Array): Promise<AppendOutcome> {
    checkShard(shard);
    checkSeq(seq);
    const copy = blob.slice();
    return this.#queue.add({ kind: 'snapshot', shard, epoch, seq, blob: copy }, [copy.buffer]);
  }

  async snapshot(shard: Shard): Promise<Snapshot | null> {
    checkShard(shard);
    return this.#ask({ kind: 'snapshot', shard });
  }

  async trim(shard: Shard, epoch: number, uptoSeq: number): Promise<AppendOutcome> {
    checkTrimmable(shard);
    checkSeq(uptoSeq);
    for (;;) {
      const outcome = await this.#queue.add<TrimOutcome>({ kind: 'trim', shard, epoch, uptoSeq });
      if (outcome !== 'more') return outcome;
    }
  }

  /** Waits for what was queued, then lets go of the file. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.#checkpointing;
    await this.#sweeper.close();
    try {
      await this.#reader.close();
      await this.#writer.close();
    } finally {
      this.#unlock();
    }
  }

  #ask<Value>(request: ReadRequest): Promise<Value> {
    if (this.#clearing !== null) return this.#clearing.then(() => this.#ask(request));
    return this.#reader.call<Value>(request);
  }

  /** The reader does the long part beside the commits; when it rests, the writer does what is left. */
  async #clear(): Promise<boolean> {
    await this.#ask({ kind: 'checkpoint' });
    const clearing = this.#reader.call({ kind: 'checkpoint' }).then(() => this.#writer.call<boolean>({ clear: true }));
    this.#clearing = clearing.catch(() => undefined).then(() => (this.#clearing = null));
    return clearing;
  }

  async #page(shard: Shard, afterSeq: number, maxBytes: number): Promise<Segment[]> {
    return unpackSegments(await this.#ask<PackedSegments>({ kind: 'page', shard, afterSeq, maxBytes }));
  }

  #onCommit(pendingBytes: number): void {
    if (pendingBytes < this.#checkpointBytes || this.#checkpointing !== null) return;
    this.#checkpointing = this.#checkpoint().finally(() => (this.#checkpointing = null));
  }

  /**
   * The reader copies what is there while commits go on; the writer then copies the little that came meanwhile, which
   * lets the next commit start the write-ahead log anew. A failure costs nothing but a longer log: the next commit tries
   * again.
   */
  async #checkpoint(): Promise<void> {
    try {
      await this.#ask({ kind: 'checkpoint' });
      await this.#writer.call({ checkpoint: true });
    } catch {
      return;
    }
  }
}
