/**
 * The grid's own log in a tree of its own, to which rows are only ever added at the end: no row of it is moved, so that
 * what is overwritten in place was nowhere else. Its checksum has ten digits, always: a row keeps its size.
 */
export const gridSegment = `
  CREATE TABLE grid_segment (
    seq INTEGER PRIMARY KEY,
    n INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    checksum TEXT NOT NULL,
    body BLOB NOT NULL
  ) STRICT
`;
