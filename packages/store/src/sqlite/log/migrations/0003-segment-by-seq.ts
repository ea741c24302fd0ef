/** A shard's segments in the order of their facts. */
export const segmentBySeq = 'CREATE UNIQUE INDEX segment_by_seq ON segment (shard, seq)';
