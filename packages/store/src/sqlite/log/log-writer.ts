import { OutcomeUnknown, StorageFull } from '../../log-store.ts';
import { asFull, BUSY_MS, type Connection, saysDamaged, sqliteCode } from '../connection.ts';
import { migrate } from '../migrate.ts';
import type { Reply, Service } from '../thread/serve-thread.ts';
import { toWireError } from '../thread/wire-error.ts';
import { asDamaged, connectLog } from './log-connection.ts';
import type {
  LogThreadData,
  ReplaceAnswer,
  WriteAnswer,
  WriteOperation,
  WriteReply,
  WriteRequest,
} from './messages.ts';
import { LOG_MIGRATIONS } from './migrations/index.ts';
import { overwriter } from './overwrite-segments.ts';
import { unpackSegments } from './packed-segments.ts';
import { segmentReplacer } from './replace-segments.ts';
import { claimer, snapshotWriter, trimmer } from './write-owner.ts';
import { segmentWriter } from './write-segments.ts';

/** The log's only writer: each request of operations is one transaction, and answered after its fsync. */
export class LogWriter implements Service {
  readonly #connection: Connection;
  readonly #claim: ReturnType<typeof claimer>;
  readonly #append: ReturnType<typeof segmentWriter>;
  readonly #snapshot: ReturnType<typeof snapshotWriter>;
  readonly #trim: ReturnType<typeof trimmer>;
  readonly #replace: ReturnType<typeof segmentReplacer>;
  readonly #overwrite: ReturnType<typeof overwriter>;
  #pendingBytes = 0;

  constructor(data: LogThreadData) {
    this.#connection = connectLog(data);
    // What leaves a page is zeroed in it, which costs no write more: so the first page of a tree, too, keeps nothing of
    // the rows that it had before it was divided.
    this.#connection.pragma('secure_delete = FAST');
    try {
      migrate(this.#connection, LOG_MIGRATIONS);
    } catch (error) {
      throw asDamaged(asFull(error, data.path), data.path, 'it is damaged');
    }
    this.#claim = claimer(this.#connection);
    this.#append = segmentWriter(this.#connection);
    this.#snapshot = snapshotWriter(this.#connection);
    this.#trim = trimmer(this.#connection);
    this.#replace = segmentReplacer(this.#connection);
    this.#overwrite = overwriter(this.#connection);
  }

  handle(request: WriteRequest): Reply {
    if ('operations' in request) {
      const replies = this.#commit(() => request.operations.map((operation) => this.#reply(operation)));
      return { value: { replies, pendingBytes: this.#pendingBytes } satisfies WriteAnswer };
    }
    if ('compact' in request) {
      // Once for the row, and about as much for pages that move into the room that became free.
      this.#pendingBytes += PAGES_A_COMMIT + 2 * request.compact.stored.byteLength;
      const outcome = this.#commit(() => this.#replace(request.compact));
      return { value: { outcome, pendingBytes: this.#pendingBytes } satisfies ReplaceAnswer };
    }
    if ('overwrite' in request) {
      const { epoch, bodies } = request.overwrite;
      return { value: this.#commit(() => this.#overwrite(epoch, bodies)) };
    }
    if ('clear' in request) return { value: this.#clear() };
    this.#connection.pragma('wal_checkpoint(PASSIVE)');
    this.#pendingBytes = 0;
    return { value: null };
  }

  close(): void {
    this.#connection.close();
  }

  /** Waits for no reader: all commits would wait with it, as long as another process likes. */
  #clear(): boolean {
    this.#connection.pragma('busy_timeout = 0');
    try {
      const [row] = this.#connection.pragma('wal_checkpoint(TRUNCATE)') as [{ busy: number }];
      if (row.busy === 0) this.#pendingBytes = 0;
      return row.busy === 0;
    } finally {
      this.#connection.pragma(`busy_timeout = ${BUSY_MS}`);
    }
  }

  #commit<Answer>(write: () => Answer): Answer {
    try {
      this.#rollBack();
      this.#connection.exec('BEGIN IMMEDIATE');
      const answer = write();
      this.#connection.exec('COMMIT');
      return answer;
    } catch (error) {
      this.#abandon();
      throw failureOf(error, this.#connection.name);
    }
  }

  #abandon(): void {
    try {
      this.#rollBack();
    } catch {
      // The next commit rolls back before it begins, and fails where that is impossible.
    }
  }

  #rollBack(): void {
    if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK');
  }

  /** What SQLite refuses ends the whole commit; what an operation's own rules refuse ends that operation. */
  #reply(operation: WriteOperation): WriteReply {
    try {
      return { value: this.#apply(operation) };
    } catch (error) {
      if (sqliteCode(error) !== '') throw error;
      return { error: toWireError(error) };
    }
  }

  #apply(operation: WriteOperation): unknown {
    this.#pendingBytes += PAGES_A_COMMIT;
    switch (operation.kind) {
      case 'claim':
        return this.#claim(operation.shard, operation.seenEpoch);
      case 'append':
        this.#pendingBytes += operation.segments.chunk.byteLength;
        for (const body of operation.segments.large) this.#pendingBytes += body.byteLength;
        return this.#append(unpackSegments(operation.segments));
      case 'snapshot':
        this.#pendingBytes += operation.blob.byteLength;
        return this.#snapshot(operation.shard, operation.epoch, operation.seq, operation.blob);
      case 'trim':
        return this.#trim(operation.shard, operation.epoch, operation.uptoSeq);
    }
  }
}

/** Pages that an operation touches beside the bodies, bytes, about. */
const PAGES_A_COMMIT = 16 * 1024;

/**
 * SQLite answers FULL before the commit's last frame is whole, so nothing took place. An I/O error may come after it
 * (the fsync): then a crash could still bring the commit back, and only the next one settles it.
 */
const failureOf = (error: unknown, path: string): unknown => {
  if (error instanceof RangeError) return error;
  if (sqliteCode(error) === 'SQLITE_FULL') return new StorageFull(`there is no room left for ${path}`);
  if (saysDamaged(error)) return asDamaged(error, path, 'it is damaged');
  return new OutcomeUnknown(`a commit to ${path} failed: ${toWireError(error).message}`);
};
