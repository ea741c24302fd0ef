import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sha256 } from '@gossamer/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { type LogStore, openSqliteStores, type Segment, SqliteLogStore, StorageFull } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { readAll, segmentOf } from '../contract/segments.ts';

/** Appends segments of 20 KB until there is no more room: how many were acknowledged. */
const fill = async (log: LogStore, epoch: number, from = 1): Promise<number> => {
  for (let seq = from; ; seq++) {
    try {
      expect(await log.append([segmentOf(1, epoch, seq, 1, 20_000)])).toEqual(['ok']);
    } catch (error) {
      expect(error).toBeInstanceOf(StorageFull);
      return seq - 1;
    }
  }
};

test('ST16: without room a write is refused as a whole, nothing is lost, and with room it goes on', async () => {
  const path = join(await testDirectory(), 'log.db');
  const log = await SqliteLogStore.open(path, { maxPages: 100 });
  await log.claim(1, 0);
  const last = await fill(log, 1);
  expect(last).toBeGreaterThan(10);
  const many = Array.from({ length: 5 }, (_, place) => segmentOf(1, 1, last + 1 + place, 1, 20_000));
  await expect(log.append(many)).rejects.toThrow(StorageFull);
  await expect(log.setSnapshot(1, 1, last, new Uint8Array(100_000))).rejects.toThrow(StorageFull);
  expect(await readAll(log, 1)).toHaveLength(last);

  expect(await log.trim(1, 1, 10)).toBe('ok');
  expect(await log.append(many.slice(0, 2))).toEqual(['ok', 'ok']);
  await log.close();

  const larger = await SqliteLogStore.open(path);
  onTestFinished(() => larger.close());
  expect(await larger.append(many.slice(2))).toEqual(['ok', 'ok', 'ok']);
  expect(await readAll(larger, 1)).toEqual(
    Array.from({ length: last - 5 }, (_, place) => segmentOf(1, 1, 11 + place, 1, 20_000)),
  );
});

/** As bytes that no compression makes smaller. */
const random = (seq: number): Segment => ({ ...segmentOf(1, 1, seq), body: new Uint8Array(randomBytes(20_000)) });

test('ST28: without room nothing is joined and nothing lost, and appends beside it are as they would be', async () => {
  const path = join(await testDirectory(), 'log.db');
  const log = await SqliteLogStore.open(path, { maxPages: 100 });
  onTestFinished(() => log.close());
  await log.claim(1, 0);
  await log.claim(2, 0);
  const written = Array.from({ length: 30 }, (_, place) => random(1 + place));
  for (const segment of written) expect(await log.append([{ ...segment, body: segment.body.slice() }])).toEqual(['ok']);
  const options = { mostBytes: 500_000, isOver: true };
  const [compacted, appended] = await Promise.allSettled([
    log.compact(1, 1, 0, options),
    log.append([segmentOf(2, 1, 1)]),
  ]);
  expect(appended).toEqual({ status: 'fulfilled', value: ['ok'] });
  // One that takes as much room as all the others is written before they are gone.
  if (compacted.status === 'rejected') expect(compacted.reason).toBeInstanceOf(StorageFull);
  const whole = Buffer.concat((await readAll(log, 1)).map(({ body }) => body));
  expect(whole.equals(Buffer.concat(written.map(({ body }) => body)))).toBe(true);
});

test('ST29: what compaction frees is given back to the file system', async () => {
  const path = join(await testDirectory(), 'log.db');
  const log = await SqliteLogStore.open(path, { checkpointBytes: 100_000 });
  await log.claim(1, 0);
  for (let seq = 1; seq <= 400; seq++) await log.append([segmentOf(1, 1, seq, 1, 5_000)]);
  await log.close();
  const { size } = await stat(path);
  const again = await SqliteLogStore.open(path, { checkpointBytes: 100_000 });
  for (let upto = 0; ;) {
    const found = await again.compact(1, 1, upto, { mostBytes: 256 * 1024, isOver: true });
    if (found === 'fenced') throw new Error('fenced');
    if (found.segments === 0) break;
    ({ upto } = found);
  }
  expect(await readAll(again, 1)).toHaveLength(Math.ceil(400 / 52));
  await again.close();
  expect((await stat(path)).size).toBeLessThan(size / 2);
});

test('ST21: the write-ahead log stays small while nothing but compaction writes', async () => {
  const path = join(await testDirectory(), 'log.db');
  const written = await SqliteLogStore.open(path);
  await written.claim(1, 0);
  for (let seq = 1; seq <= 200; seq++) await written.append([random(seq)]);
  await written.close();
  const log = await SqliteLogStore.open(path, { checkpointBytes: 200_000 });
  onTestFinished(() => log.close());
  let most = 0;
  for (let upto = 0; ;) {
    const found = await log.compact(1, 1, upto, { mostBytes: 60_000, isOver: true });
    if (found === 'fenced') throw new Error('fenced');
    if (found.segments === 0) break;
    ({ upto } = found);
    most = Math.max(most, (await stat(`${path}-wal`)).size);
  }
  // Four megabytes went through it.
  expect(most).toBeLessThan(2_000_000);
});

const MEGABYTE = 1024 * 1024;

/** A file system of few megabytes; null where this user may not mount one. */
const smallDisk = async (megabytes: number): Promise<string | null> => {
  const directory = await testDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
  return directory;
};

test('ST16: a disk that is full refuses log and blobs clearly, loses nothing, and takes more once there is room', async (context) => {
  const disk = await smallDisk(6);
  if (disk === null) return context.skip('a small file system can be mounted by root only');
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(2 * MEGABYTE));
  const directory = join(disk, 'data');
  const stores = await openSqliteStores(directory);
  await stores.log.claim(1, 0);
  const last = await fill(stores.log, 1);
  expect(last).toBeGreaterThan(10);
  expect(await readAll(stores.log, 1)).toHaveLength(last);

  const content = new Uint8Array(MEGABYTE).map((_, place) => place * 7);
  const hash = createHash('sha256').update(content).digest('hex') as Sha256;
  async function* stream() {
    yield content;
  }
  const full = { name: 'ProblemError', code: 'storage-full' };
  await expect(stores.blobs.putIfAbsent(hash, stream())).rejects.toMatchObject(full);
  expect(await stores.blobs.stat(hash)).toBeNull();

  await rm(ballast);
  expect(await stores.blobs.putIfAbsent(hash, stream())).toEqual({ size: MEGABYTE, created: true });
  expect(await stores.log.append([segmentOf(1, 1, last + 1, 1, 20_000)])).toEqual(['ok']);
  await stores.close();
  execFileSync('mount', ['-o', 'remount,size=30m', disk]);
  const again = await openSqliteStores(directory);
  expect(await readAll(again.log, 1)).toHaveLength(last + 1);
  await again.close();
});

test('ST16: a store that cannot be opened for want of room says so, and opens once there is some', async (context) => {
  const disk = await smallDisk(1);
  if (disk === null) return context.skip('a small file system can be mounted by root only');
  const ballast = join(disk, 'ballast');
  await expect(writeFile(ballast, Buffer.alloc(2 * MEGABYTE))).rejects.toThrow(/ENOSPC/);
  await expect(openSqliteStores(join(disk, 'data'))).rejects.toThrow(StorageFull);
  await rm(ballast);
  const stores = await openSqliteStores(join(disk, 'data'));
  expect(await stores.log.claim(1, 0)).toEqual({ epoch: 1 });
  await stores.close();
});
