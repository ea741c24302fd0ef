/** One unit's result. */
export const resultByUnit = 'CREATE INDEX result_by_unit ON result (shard, unit, fact)';
