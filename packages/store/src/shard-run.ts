import { SequenceGap } from './errors.ts';
import { GRID_SHARD, type Segment, type Shard } from './log-store.ts';

/** The segments of one shard within one append: they continue each other under one epoch. */
export interface ShardRun {
  shard: Shard;
  epoch: number;
  /** The number of the first fact. */
  seq: number;
  /** The number after the last fact. */
  end: number;
  /** The places of its segments in the append. */
  places: number[];
}

const expectInteger = (name: string, value: number, least: number): void => {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer >= ${least}, not ${value}`);
  }
};

/** Throws RangeError unless `shard` can name a log. */
export const checkShard = (shard: Shard): void => expectInteger('shard', shard, 0);

/** Throws RangeError for the log that is kept whole. */
export const checkTrimmable = (shard: Shard): void => {
  checkShard(shard);
  if (shard === GRID_SHARD) throw new RangeError("the grid's own log is kept whole");
};

/** Throws RangeError unless the body that is to be put in the place of a segment's fits there. */
export const checkOverwrite = (seq: number, bytes: number, there: number | undefined): void => {
  if (there === undefined) throw new RangeError(`no segment of the grid's own log starts at fact ${seq}`);
  if (there !== bytes) throw new RangeError(`the segment at fact ${seq} has ${there} bytes, not ${bytes}`);
};

/** Throws RangeError unless `seq` can be a fact's number, or 0 for "before the first". */
export const checkSeq = (seq: number): void => expectInteger('seq', seq, 0);

const checkSegment = (segment: Segment): void => {
  checkShard(segment.shard);
  expectInteger('epoch', segment.epoch, 0);
  expectInteger('seq', segment.seq, 1);
  expectInteger('n', segment.n, 1);
  checkSeq(segment.seq + segment.n);
};

/**
 * Divides an append by shard. Throws RangeError for numbers that cannot be, or for two epochs of one shard;
 * SequenceGap where the segments of a shard do not continue each other.
 */
export const runsByShard = (segments: readonly Segment[]): ShardRun[] => {
  const runs = new Map<Shard, ShardRun>();
  segments.forEach((segment, place) => {
    checkSegment(segment);
    const { shard, epoch, seq, n } = segment;
    const run = runs.get(shard);
    if (run === undefined) {
      runs.set(shard, { shard, epoch, seq, end: seq + n, places: [place] });
      return;
    }
    if (run.epoch !== epoch) {
      throw new RangeError(`one append holds segments of shard ${shard} under the epochs ${run.epoch} and ${epoch}`);
    }
    expectNext(shard, run.end, seq);
    run.end = seq + n;
    run.places.push(place);
  });
  return [...runs.values()];
};

/** Throws SequenceGap unless `seq` is the number that the shard's next fact must have. */
export const expectNext = (shard: Shard, next: number, seq: number): void => {
  if (seq === next) return;
  const what = seq > next ? 'a gap' : 'an overlap';
  throw new SequenceGap(`shard ${shard}: the next fact is number ${next}, not ${seq}: that would leave ${what}`);
};

/** Throws SequenceGap unless a snapshot at `seq` lies between the one before it and the last fact. */
export const checkSnapshotSeq = (shard: Shard, seq: number, before: number, next: number): void => {
  if (seq >= before && seq < next) return;
  throw new SequenceGap(
    `shard ${shard}: a snapshot at fact ${seq} is refused: the one before is at ${before}, the last fact is ${next - 1}`,
  );
};
