const spansTable = (table: string): string[] => [
  `DROP TABLE ${table}`,
  `CREATE TABLE ${table} (
    number INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    last INTEGER NOT NULL,
    least_unit INTEGER NOT NULL,
    greatest_unit INTEGER NOT NULL,
    rows BLOB NOT NULL
  ) STRICT`,
  `CREATE INDEX ${table}_by_fact ON ${table} (shard, last)`,
  `CREATE INDEX ${table}_by_unit ON ${table} (shard, least_unit, greatest_unit)`,
];

/** Rows by the thousand instead of one by one; the logs are projected from their beginnings once more. */
export const spans = [...spansTable('result'), ...spansTable('unit_fact'), 'DELETE FROM cursor'];
