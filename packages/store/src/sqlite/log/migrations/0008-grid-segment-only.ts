export const gridSegmentOnly = 'DELETE FROM segment WHERE shard = 0';
