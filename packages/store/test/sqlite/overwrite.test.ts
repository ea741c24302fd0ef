import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { GRID_SHARD, openSqliteStores, OutcomeUnknown, SqliteLogStore } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { readAll, segmentOf } from '../contract/segments.ts';
import { startChild } from './child.ts';

const bytesOf = (directory: string): Buffer =>
  Buffer.concat(
    readdirSync(directory, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  );

const DEVICES = 400;
const secretOf = (device: number): string => `secret-of-device-${String(device).padStart(4, '0')}-`;
const bodyOf = (device: number): Buffer => Buffer.from(secretOf(device).padEnd(300, 'x'));

const opened = async (directory: string): Promise<SqliteLogStore> => {
  const log = await SqliteLogStore.open(join(directory, 'log.db'), { checkpointBytes: 100_000 });
  onTestFinished(() => log.close());
  return log;
};

test('PV3: what was overwritten is in no byte of any file, although rows beside it were made compact and pages moved', async () => {
  const directory = await testDirectory();
  const log = await opened(directory);
  await log.claim(GRID_SHARD, 0);
  await log.claim(1, 0);
  let seq = 1;
  for (let device = 1; device <= DEVICES; device++) {
    await log.append([{ shard: GRID_SHARD, epoch: 1, seq: device, n: 1, body: bodyOf(device) }]);
    await log.append([0, 1, 2].map((place) => segmentOf(1, 1, seq + place, 1, 400)));
    seq += 3;
  }
  for (let upto = 0; ;) {
    const found = await log.compact(1, 1, upto, { mostBytes: 20_000, isOver: true });
    if (found === 'fenced' || found.segments === 0) break;
    ({ upto } = found);
  }
  const before = bytesOf(directory);
  for (let device = 1; device <= DEVICES; device++) expect(before.includes(secretOf(device))).toBe(true);
  for (let device = 1; device <= DEVICES; device += 2) {
    expect(await log.overwrite(1, [{ seq: device, body: Buffer.alloc(300, 32) }])).toBe('ok');
  }
  const after = bytesOf(directory);
  for (let device = 1; device <= DEVICES; device++) {
    expect([device, after.includes(secretOf(device))]).toEqual([device, device % 2 === 0]);
  }
  expect(await readAll(log, GRID_SHARD)).toHaveLength(DEVICES);
});

test('PV3: while another process reads, what was overwritten may be in the write-ahead log: that is said, and mended later', async () => {
  const directory = await testDirectory();
  const log = await opened(directory);
  await log.claim(GRID_SHARD, 0);
  await log.append([{ shard: GRID_SHARD, epoch: 1, seq: 1, n: 1, body: bodyOf(1) }]);
  const reader = new Database(join(directory, 'log.db'));
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM grid_segment').get();
  const body = Buffer.alloc(300, 32);
  await expect(log.overwrite(1, [{ seq: 1, body }])).rejects.toThrow(OutcomeUnknown);
  reader.exec('COMMIT');
  expect(bytesOf(directory).includes(secretOf(1))).toBe(true);
  expect(await log.overwrite(1, [{ seq: 1, body }])).toBe('ok');
  expect(bytesOf(directory).includes(secretOf(1))).toBe(false);
});

test(
  'PV4: kill -9 in the middle leaves bodies as they were or overwritten, both of a call alike, and a log that is whole',
  { timeout: 240_000 },
  async () => {
    const directory = await testDirectory();
    let [there, gone] = [0, 0];
    for (let round = 1; round <= 8; round++) {
      const child = startChild('overwrite.mjs', directory);
      await child.untilLines(3 + Math.floor(Math.random() * 60));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      await child.kill();
      const acknowledged = child.lines().filter((line) => line.startsWith('gone'));
      const stores = await openSqliteStores(directory);
      const texts = (await readAll(stores.log, GRID_SHARD)).map(({ body }) => Buffer.from(body).toString());
      for (let pair = 0; pair + 1 < texts.length; pair += 2) {
        const isGone = texts[pair]!.trim() === '';
        expect(texts[pair + 1]!.trim() === '').toBe(isGone);
        if (isGone) gone += 1;
        else {
          expect(texts[pair]).toMatch(new RegExp(`^secret-${pair + 1}-a-x+$`));
          there += 1;
        }
      }
      for (const line of acknowledged) expect(texts[Number(line.split(' ')[1]) - 1]!.trim()).toBe('');
      await stores.close();
      const bytes = bytesOf(directory).toString('latin1');
      for (const line of acknowledged) expect(bytes.includes(`secret-${line.split(' ')[1]}-a-`)).toBe(false);
    }
    expect(gone).toBeGreaterThan(0);
    expect(there + gone).toBeGreaterThan(8);
  },
);
