import { shard } from './0001-shard.ts';
import { segment } from './0002-segment.ts';
import { segmentBySeq } from './0003-segment-by-seq.ts';
import { snapshot } from './0004-snapshot.ts';
import { packed } from './0005-packed.ts';
import { gridSegment } from './0006-grid-segment.ts';
import { gridSegmentRows } from './0007-grid-segment-rows.ts';
import { gridSegmentOnly } from './0008-grid-segment-only.ts';

/** In order and for good: a statement that was released is never changed, only followed by another. */
export const LOG_MIGRATIONS: readonly string[] = [
  shard,
  segment,
  segmentBySeq,
  snapshot,
  packed,
  gridSegment,
  gridSegmentRows,
  gridSegmentOnly,
];
