import type { GridFact } from '@gossamer/core';
import { openSqliteStores } from '@gossamer/store';
import { Committer } from '../../src/runtime/committer.ts';
import { GridLog } from '../../src/runtime/grid-log.ts';

/** Writes facts into the grid's log of a coordinator that is not running: as if it had been killed right after them. */
export const appendGridFacts = async (data: string, ...facts: GridFact[]): Promise<void> => {
  const stores = await openSqliteStores(data);
  const log = await GridLog.open(stores.log, new Committer(stores.log), Date.now());
  await log.record('test', ...facts);
  await stores.close();
};
