import { StoreClosed } from '../errors.ts';
import { nextRun } from '../compaction-run.ts';
import {
  type AppendOptions,
  type AppendOutcome,
  type Compacted,
  type CompactOptions,
  GRID_SHARD,
  type LogStore,
  type Overwrite,
  type Segment,
  type Shard,
  type Snapshot,
} from '../log-store.ts';
import { movableBuffers } from '../movable-buffers.ts';
import { from, joined } from '../segment-parts.ts';
import {
  checkOverwrite,
  checkSeq,
  checkShard,
  checkSnapshotSeq,
  checkTrimmable,
  expectNext,
  runsByShard,
  type ShardRun,
} from '../shard-run.ts';

interface Log {
  epoch: number;
  next: number;
  segments: Segment[];
  snapshot: Snapshot | null;
}

const unclaimed = (): Log => ({ epoch: 0, next: 1, segments: [], snapshot: null });

/** A log for tests: the contract, without the disk. */
export class MemoryLogStore implements LogStore {
  readonly #logs = new Map<Shard, Log>();
  #closed = false;

  async claim(shard: Shard, seenEpoch: number): Promise<{ epoch: number } | null> {
    const log = this.#log(shard);
    if (log.epoch !== seenEpoch) return null;
    log.epoch += 1;
    this.#logs.set(shard, log);
    return { epoch: log.epoch };
  }

  async epochOf(shard: Shard): Promise<number> {
    return this.#log(shard).epoch;
  }

  async append(segments: readonly Segment[], options: AppendOptions = {}): Promise<AppendOutcome[]> {
    const runs = runsByShard(segments);
    const owned = runs.filter((run) => run.epoch > 0 && this.#log(run.shard).epoch === run.epoch);
    for (const run of owned) expectNext(run.shard, this.#log(run.shard).next, run.seq);
    const taken = taking(segments, options);
    const outcomes = segments.map((): AppendOutcome => 'fenced');
    for (const run of owned) this.#write(run, taken, outcomes);
    return outcomes;
  }

  #write(run: ShardRun, segments: readonly Segment[], outcomes: AppendOutcome[]): void {
    const log = this.#log(run.shard);
    for (const place of run.places) {
      log.segments.push(segments[place]!);
      outcomes[place] = 'ok';
    }
    log.next = run.end;
  }

  async *read(shard: Shard, afterSeq: number): AsyncIterable<Segment> {
    checkSeq(afterSeq);
    let after = afterSeq;
    for (;;) {
      const page = this.#log(shard).segments.filter(({ seq, n }) => seq + n - 1 > after);
      if (page.length === 0) return;
      // It may have been joined meanwhile with what was given already.
      if (after > afterSeq) page[0] = from(page[0]!, after + 1);
      for (const segment of page) {
        yield { ...segment, body: segment.body.slice() };
        after = segment.seq + segment.n - 1;
      }
    }
  }

  async compact(shard: Shard, owner: number, afterSeq: number, options: CompactOptions): Promise<Compacted | 'fenced'> {
    checkSeq(afterSeq);
    const log = this.#log(shard);
    const sizes = log.segments
      .filter(({ seq }) => seq > afterSeq)
      .map(({ seq, n, body, parts }) => ({ seq, n, bytes: body.byteLength, isCompact: parts !== undefined }));
    const run = shard === GRID_SHARD ? null : nextRun(sizes, options);
    if (run === null) return { upto: afterSeq, segments: 0, before: 0, after: 0 };
    if (owner === 0 || log.epoch !== owner) return 'fenced';
    const at = log.segments.findIndex(({ seq }) => seq === run.seq);
    log.segments.splice(at, run.segments, joined(log.segments.slice(at, at + run.segments)));
    return { upto: run.end - 1, segments: run.segments, before: run.bytes, after: run.bytes };
  }

  async overwrite(epoch: number, bodies: readonly Overwrite[]): Promise<AppendOutcome> {
    const log = this.#log(GRID_SHARD);
    if (epoch === 0 || log.epoch !== epoch) return 'fenced';
    const found = bodies.map(({ seq, body }) => {
      const at = log.segments.findIndex((segment) => segment.seq === seq);
      checkOverwrite(seq, body.byteLength, log.segments[at]?.body.byteLength);
      return at;
    });
    found.forEach((at, place) => {
      log.segments[at] = { ...log.segments[at]!, body: bodies[place]!.body.slice() };
    });
    return 'ok';
  }

  async swept(): Promise<boolean> {
    return true;
  }

  async setSnapshot(shard: Shard, epoch: number, seq: number, blob: Uint8Array): Promise<AppendOutcome> {
    const log = this.#log(shard);
    checkSeq(seq);
    if (epoch === 0 || log.epoch !== epoch) return 'fenced';
    checkSnapshotSeq(shard, seq, log.snapshot?.seq ?? 0, log.next);
    log.snapshot = { seq, blob: blob.slice() };
    return 'ok';
  }

  async snapshot(shard: Shard): Promise<Snapshot | null> {
    const kept = this.#log(shard).snapshot;
    return kept && { seq: kept.seq, blob: kept.blob.slice() };
  }

  async trim(shard: Shard, epoch: number, uptoSeq: number): Promise<AppendOutcome> {
    const log = this.#log(shard);
    checkTrimmable(shard);
    checkSeq(uptoSeq);
    if (epoch === 0 || log.epoch !== epoch) return 'fenced';
    log.segments = log.segments.filter(({ seq, n }) => seq + n - 1 > uptoSeq);
    return 'ok';
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #log(shard: Shard): Log {
    if (this.#closed) throw new StoreClosed('the log is closed');
    checkShard(shard);
    return this.#logs.get(shard) ?? unclaimed();
  }
}

/** Copies the bodies; buffers that were given away end up detached, as with an engine that moves them to a thread. */
const taking = (segments: readonly Segment[], { transfer = false }: AppendOptions): readonly Segment[] => {
  const copies = segments.map((segment) => ({ ...segment, body: segment.body.slice() }));
  if (transfer) structuredClone(null, { transfer: movableBuffers(segments.map(({ body }) => body)) });
  return copies;
};
