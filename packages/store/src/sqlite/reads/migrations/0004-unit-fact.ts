/** One unit's history, in order. */
export const unitFact = `
  CREATE TABLE unit_fact (
    shard INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (shard, unit, fact)
  ) STRICT, WITHOUT ROWID
`;
