export const webhook = 'CREATE TABLE webhook (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT, WITHOUT ROWID';
