import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStores, StoreInUse } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { startChild } from './child.ts';

test('ST18: a data directory that another process has open is refused, and free once that was killed', async () => {
  const directory = await testDirectory();
  const owner = startChild('hold.mjs', directory);
  await owner.untilLines(1);
  await expect(openSqliteStores(directory)).rejects.toThrow(StoreInUse);
  await expect(openSqliteStores(directory)).rejects.toThrow(/another coordinator is running on this data directory/);
  await owner.kill();
  const stores = await openSqliteStores(directory);
  onTestFinished(() => stores.close());
  expect(await stores.log.claim(1, 0)).toEqual({ epoch: 1 });

  const second = startChild('hold.mjs', directory);
  await expect(second.untilLines(1)).rejects.toThrow(/StoreInUse/);
});

test('ST18: a second store in the same process is refused too, and free after close', async () => {
  const directory = await testDirectory();
  const first = await openSqliteStores(directory);
  await expect(openSqliteStores(directory)).rejects.toThrow(StoreInUse);
  expect(await first.log.claim(1, 0)).toEqual({ epoch: 1 });
  await first.close();
  const second = await openSqliteStores(directory);
  expect(await second.log.epochOf(1)).toBe(1);
  await second.close();
});
