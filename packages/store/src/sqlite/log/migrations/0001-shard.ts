/** A log: `first` and `next` are the numbers of its first kept fact and of the fact to come. */
export const shard = `
  CREATE TABLE shard (
    shard INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    first INTEGER NOT NULL,
    next INTEGER NOT NULL
  ) STRICT
`;
