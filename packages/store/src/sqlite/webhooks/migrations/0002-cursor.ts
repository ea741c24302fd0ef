/** How far a webhook was told of a job. */
export const cursor = `
  CREATE TABLE cursor (
    webhook TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    job INTEGER NOT NULL,
    fact INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    PRIMARY KEY (webhook, job)
  ) STRICT, WITHOUT ROWID
`;
