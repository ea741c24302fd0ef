/** Results in the order in which they are listed: the key is the page's cursor. */
export const result = `
  CREATE TABLE result (
    shard INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    encoding INTEGER NOT NULL,
    PRIMARY KEY (shard, fact, unit)
  ) STRICT, WITHOUT ROWID
`;
