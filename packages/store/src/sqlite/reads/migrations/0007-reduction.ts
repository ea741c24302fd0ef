/** What a job's results come to so far, as whoever folds them writes it down. */
export const reduction = 'CREATE TABLE reduction (shard INTEGER PRIMARY KEY, snapshot TEXT NOT NULL) STRICT';
