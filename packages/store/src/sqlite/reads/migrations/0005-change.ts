/** What else is told of a job, in the order in which it is told. */
export const change = `
  CREATE TABLE change (
    shard INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    encoding INTEGER NOT NULL,
    PRIMARY KEY (shard, fact, unit)
  ) STRICT, WITHOUT ROWID
`;
