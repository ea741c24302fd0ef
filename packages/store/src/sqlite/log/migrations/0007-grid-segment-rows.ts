/** What earlier versions wrote of the grid's own log among the rows of all others. */
export const gridSegmentRows = `
  INSERT INTO grid_segment (seq, n, epoch, checksum, body)
  SELECT seq, n, epoch, printf('%010d', checksum), body FROM segment WHERE shard = 0 ORDER BY seq
`;
