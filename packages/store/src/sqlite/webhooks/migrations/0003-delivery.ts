/** Ids sort by time. */
export const delivery = `
  CREATE TABLE delivery (
    webhook TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (webhook, id)
  ) STRICT, WITHOUT ROWID
`;
