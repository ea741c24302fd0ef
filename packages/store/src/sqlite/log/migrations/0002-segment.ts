/** Segments lie in the order of their writing, so that appends of all shards go to the end of one tree. */
export const segment = `
  CREATE TABLE segment (
    id INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT
`;
