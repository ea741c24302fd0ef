import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test, vi } from 'vitest';
import { GRID_SHARD, openSqliteStores, SqliteLogStore, type SqliteLogOptions } from '../../src/index.ts';
import { spawnThread } from '../../src/sqlite/thread/thread-client.ts';
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

const BLANK = Buffer.alloc(300, 32);
const WAIT = { timeout: 30_000, interval: 50 };

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
    expect(await log.overwrite(1, [{ seq: device, body: BLANK }])).toBe('ok');
  }
  expect(await log.swept()).toBe(true);
  const after = bytesOf(directory);
  for (let device = 1; device <= DEVICES; device++) {
    expect([device, after.includes(secretOf(device))]).toEqual([device, device % 2 === 0]);
  }
  expect(await readAll(log, GRID_SHARD)).toHaveLength(DEVICES);
});

/** A log with one body, which another process reads and goes on reading; its bodies overwritten, on disk. */
const overwrittenWhileRead = async (options: SqliteLogOptions = {}) => {
  const directory = await testDirectory();
  const path = join(directory, 'log.db');
  const log = await SqliteLogStore.open(path, options);
  onTestFinished(() => log.close());
  await log.claim(GRID_SHARD, 0);
  await log.append([{ shard: GRID_SHARD, epoch: 1, seq: 1, n: 1, body: bodyOf(1) }]);
  const reader = new Database(path);
  onTestFinished(() => void reader.close());
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM grid_segment').get();
  expect(await log.overwrite(1, [{ seq: 1, body: BLANK }])).toBe('ok');
  return { directory, path, log, reader, isThere: () => bytesOf(directory).includes(secretOf(1)) };
};

test('PV3: while another process reads, what was overwritten may be in the write-ahead log: that is said, and mended when it has read', async () => {
  const { log, reader, isThere } = await overwrittenWhileRead();
  expect(await log.swept()).toBe(false);
  expect(isThere()).toBe(true);
  reader.exec('COMMIT');
  // Nobody asks for it.
  await vi.waitFor(() => expect(isThere()).toBe(false), WAIT);
  expect(await log.swept()).toBe(true);
});

test('PV3: what a reader kept in the write-ahead log is out of it at a clean stop, at once', async () => {
  const { log, reader, isThere } = await overwrittenWhileRead();
  expect(await log.swept()).toBe(false);
  // It stays connected: SQLite would remove the file with its last connection otherwise.
  reader.exec('COMMIT');
  await log.close();
  expect(isThere()).toBe(false);
});

test('PV3: what a killed process left in the write-ahead log is out of it when the log is open again', async () => {
  const { path, reader, isThere } = await overwrittenWhileRead();
  const copy = await testDirectory();
  for (const suffix of ['', '-wal']) copyFileSync(path + suffix, join(copy, `log.db${suffix}`));
  expect(isThere()).toBe(true);
  reader.exec('COMMIT');
  const log = await SqliteLogStore.open(join(copy, 'log.db'));
  expect(bytesOf(copy).includes(secretOf(1))).toBe(false);
  await log.close();
});

test('PV9: clearing the write-ahead log waits for no reader, and commits go on; other locks are waited for as ever', async () => {
  const { log, reader, path } = await overwrittenWhileRead();
  // Somebody who waits for the reader, by SQLite's own five seconds, gets what he waits for.
  const ended = new Promise((resolve) => setTimeout(resolve, 4000)).then(() => reader.exec('COMMIT'));
  let seq = 1;
  const [isGone] = await Promise.all([
    log.swept(),
    log.claim(1, 0).then(() => log.append([segmentOf(1, 1, seq++, 1, 400)])),
  ]);
  expect(isGone).toBe(false);
  await ended;
  expect(await log.swept()).toBe(true);
  const other = new Database(path);
  onTestFinished(() => void other.close());
  other.exec('BEGIN IMMEDIATE');
  const appended = log.append([segmentOf(1, 1, seq++, 1, 400)]);
  await new Promise((resolve) => setTimeout(resolve, 300));
  other.exec('COMMIT');
  expect(await appended).toEqual(['ok']);
});

test('PV9: however many overwrite, the write-ahead log is cleared once a second at the most', async () => {
  let clears = 0;
  const spawn: SqliteLogOptions['spawn'] = (entry, data) => {
    const thread = spawnThread(entry, data);
    const post = thread.postMessage.bind(thread);
    thread.postMessage = (call: { request?: object }, transfer: never) => {
      if (call.request !== undefined && 'clear' in call.request) clears += 1;
      post(call, transfer);
    };
    return thread;
  };
  const began = performance.now();
  const { log, reader } = await overwrittenWhileRead({ spawn });
  for (let round = 0; round < 40; round++) {
    await Promise.all([1, 2, 3].map(() => log.overwrite(1, [{ seq: 1, body: BLANK }])));
    if (round % 10 === 0) await log.swept();
  }
  expect(clears).toBeGreaterThan(1);
  expect(clears).toBeLessThanOrEqual(1 + (performance.now() - began) / 1000);
  reader.exec('COMMIT');
  expect(await log.swept()).toBe(true);
});

test('PV9: reads of its own, beside commits, do not keep the log from being cleared', async () => {
  const directory = await testDirectory();
  const log = await opened(directory);
  await log.claim(GRID_SHARD, 0);
  await log.claim(1, 0);
  await log.append([{ shard: GRID_SHARD, epoch: 1, seq: 1, n: 1, body: bodyOf(1) }]);
  await log.append(Array.from({ length: 400 }, (_, place) => segmentOf(1, 1, place + 1, 1, 20_000)));
  let isReading = true;
  const reading = Array.from({ length: 8 }, async () => {
    while (isReading) expect(await readAll(log, 1)).toHaveLength(400);
  });
  // Without commits a reader would read from the database alone, and be in nobody's way.
  await log.claim(2, 0);
  const writing = (async () => {
    for (let seq = 1; isReading; seq++) await log.append([segmentOf(2, 1, seq, 1, 400)]);
  })();
  for (let round = 0; round < 8; round++) {
    await log.overwrite(1, [{ seq: 1, body: BLANK }]);
    expect(await log.swept()).toBe(true);
  }
  isReading = false;
  await Promise.all([...reading, writing]);
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
