/** How far each shard was projected. */
export const cursor = 'CREATE TABLE cursor (shard INTEGER PRIMARY KEY, upto INTEGER NOT NULL) STRICT';
