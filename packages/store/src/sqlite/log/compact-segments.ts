import { nextRun, type SegmentSize } from '../../compaction-run.ts';
import type { CompactOptions, Segment, Shard } from '../../log-store.ts';
import { joined } from '../../segment-parts.ts';
import type { Connection } from '../connection.ts';
import { segmentChecksum } from './checksum.ts';
import type { Prepared } from './messages.ts';
import { packBody } from './packed-body.ts';

/** The length of a body is found without reading it. */
const SIZES = `
  SELECT seq, n, coalesce(packed, length(body)) AS bytes, packed IS NOT NULL AS isCompact
  FROM segment WHERE shard = ? AND seq > ? ORDER BY seq`;
const STORED = 'SELECT sum(length(body)) AS bytes FROM segment WHERE shard = ? AND seq >= ? AND seq < ?';

interface Asked extends CompactOptions {
  shard: Shard;
  owner: number;
  afterSeq: number;
}

/** Finds what a step of compaction is to join, reads it, each segment checked, and packs it. Throws LogDamaged. */
export const compactor = (
  connection: Connection,
  page: (shard: Shard, afterSeq: number, maxBytes: number) => Segment[],
): ((asked: Asked) => Prepared) => {
  const sizes = connection.prepare<[number, number], Omit<SegmentSize, 'isCompact'> & { isCompact: number }>(SIZES);
  const stored = connection.prepare<[number, number, number], { bytes: number }>(STORED);

  const sizesAfter = function* (shard: Shard, afterSeq: number): Generator<SegmentSize> {
    for (const { isCompact, ...size } of sizes.iterate(shard, afterSeq)) yield { ...size, isCompact: isCompact === 1 };
  };

  return ({ shard, owner, afterSeq, mostBytes, isOver }) => {
    const run = nextRun(sizesAfter(shard, afterSeq), { mostBytes, isOver });
    if (run === null) return null;
    const segments = page(shard, run.seq - 1, run.bytes);
    const segment = joined(segments);
    const { seq, n, epoch } = segment;
    const replacement = {
      shard,
      owner,
      segments: segments.length,
      seq,
      n,
      epoch,
      checksum: segmentChecksum(segment),
      ...packBody(segment),
    };
    return { replacement, before: stored.get(shard, seq, seq + n)!.bytes };
  };
};
