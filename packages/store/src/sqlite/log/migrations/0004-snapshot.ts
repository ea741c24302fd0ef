/** The last snapshot of a shard: its state after the fact `seq`. */
export const snapshot = `
  CREATE TABLE snapshot (
    shard INTEGER PRIMARY KEY REFERENCES shard (shard),
    seq INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    blob BLOB NOT NULL
  ) STRICT
`;
