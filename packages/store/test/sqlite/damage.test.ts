import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { LogDamaged, SqliteLogStore } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';
import { bodyOf, readAll, segmentOf, seqsOf } from '../contract/segments.ts';

const blobOf = (shard: number) => new TextEncoder().encode(`the state of shard ${shard}`.repeat(20));

/** A closed log of two shards: ten segments of two facts in each, the last snapshot at fact 6. */
const written = async (): Promise<string> => {
  const path = join(await testDirectory(), 'log.db');
  const log = await SqliteLogStore.open(path);
  for (const shard of [1, 2]) {
    await log.claim(shard, 0);
    await log.append(Array.from({ length: 10 }, (_, place) => segmentOf(shard, 1, 1 + place * 2, 2, 500)));
    await log.setSnapshot(shard, 1, 6, blobOf(shard));
  }
  await log.close();
  return path;
};

const opened = async (path: string): Promise<SqliteLogStore> => {
  const log = await SqliteLogStore.open(path);
  onTestFinished(() => log.close());
  return log;
};

const flip = async (path: string, bytes: Uint8Array, place: number): Promise<void> => {
  const file = await readFile(path);
  // Pages also hold what lay there before they were divided: all copies are altered.
  const places: number[] = [];
  for (let at = file.indexOf(bytes); at >= 0; at = file.indexOf(bytes, at + 1)) places.push(at + place);
  expect(places.length).toBeGreaterThan(0);
  for (const at of places) file[at]! ^= 0x10;
  await writeFile(path, file);
};

const alter = (path: string, sql: string): void => {
  const database = new Database(path);
  expect(database.prepare(sql).run().changes).toBeGreaterThan(0);
  database.close();
};

test('ST15: one altered bit of a body is found at reading, with its shard and fact', async () => {
  const path = await written();
  await flip(path, bodyOf(2, 9, 500), 250);
  const log = await opened(path);
  await expect(readAll(log, 2)).rejects.toThrow(LogDamaged);
  await expect(readAll(log, 2)).rejects.toThrow(/log\.db: .*shard 2 is damaged at fact 9: the checksum.*Restore/s);
  await expect(readAll(log, 2, 0, 1)).rejects.toThrow(/fact 9/);
  expect(await readAll(log, 1)).toHaveLength(10);
  expect(seqsOf(await readAll(log, 2, 10))).toEqual([11, 13, 15, 17, 19]);
});

test.each([
  [
    'a body that was exchanged',
    'UPDATE segment SET body = zeroblob(500) WHERE shard = 1 AND seq = 7',
    /at fact 7: the checksum/,
  ],
  ['an altered epoch', 'UPDATE segment SET epoch = 2 WHERE shard = 1 AND seq = 7', /at fact 7: the checksum/],
  ['an altered count', 'UPDATE segment SET n = 3 WHERE shard = 1 AND seq = 7', /at fact 7: the checksum/],
  [
    'a segment moved to another shard',
    'UPDATE segment SET shard = 9 WHERE shard = 1 AND seq = 7',
    /at fact 7: the next segment starts at 9/,
  ],
  [
    'a first segment that is missing',
    'DELETE FROM segment WHERE shard = 1 AND seq = 1',
    /at fact 1: the next segment starts at 3/,
  ],
  [
    'a segment that is missing',
    'DELETE FROM segment WHERE shard = 1 AND seq = 7',
    /at fact 7: the next segment starts at 9/,
  ],
  [
    'a last segment that is missing',
    'DELETE FROM segment WHERE shard = 1 AND seq = 19',
    /at fact 19: the log ends there, but facts up to 20/,
  ],
  ['a log that is missing', 'DELETE FROM segment WHERE shard = 1', /at fact 1: the log ends there/],
])('ST15: %s is found at reading', async (_, sql, message) => {
  const path = await written();
  alter(path, sql);
  const log = await opened(path);
  await expect(readAll(log, 1)).rejects.toThrow(LogDamaged);
  await expect(readAll(log, 1)).rejects.toThrow(message);
  await expect(readAll(log, 1, 0, 1)).rejects.toThrow(message);
});

const COMPACT = { mostBytes: 2_000, isOver: true };

test.each([
  ['an altered body', 'UPDATE segment SET body = CAST(zeroblob(length(body)) AS BLOB) WHERE shard = 1 AND seq = 9'],
  [
    'a body that was cut short',
    'UPDATE segment SET body = substr(body, 1, length(body) - 9) WHERE shard = 1 AND seq = 9',
  ],
  [
    'the body of another',
    'UPDATE segment SET body = (SELECT body FROM segment WHERE seq = 1) WHERE shard = 1 AND seq = 9',
  ],
  ['an altered length', 'UPDATE segment SET packed = packed - 1 WHERE shard = 1 AND seq = 9'],
  ['a length that is lost', 'UPDATE segment SET packed = NULL WHERE shard = 1 AND seq = 9'],
])('ST15: of a compact segment, %s is found at reading', async (_, sql) => {
  const path = await written();
  const before = await opened(path);
  for (const upto of [0, 8, 16])
    expect(await before.compact(1, 1, upto, COMPACT)).toMatchObject({ segments: upto === 16 ? 2 : 4 });
  expect(seqsOf(await readAll(before, 1))).toEqual([1, 9, 17]);
  await before.close();
  alter(path, sql);
  const log = await opened(path);
  await expect(readAll(log, 1)).rejects.toThrow(LogDamaged);
  await expect(readAll(log, 1)).rejects.toThrow(/shard 1 is damaged at fact 9: the checksum/);
  expect(seqsOf(await readAll(log, 1, 16))).toEqual([17]);
});

test('ST15: the parts of a compact segment are under its checksum as well', async () => {
  const path = await written();
  const before = await opened(path);
  await before.compact(1, 1, 0, COMPACT);
  await before.close();
  const database = new Database(path);
  const row = database
    .prepare<[], { body: Buffer; packed: number }>('SELECT body, packed FROM segment WHERE seq = 1 AND shard = 1')
    .get()!;
  const whole = inflateRawSync(row.body);
  // The first part gets a fact that is the second's.
  whole.writeUInt32LE(3, 4);
  whole.writeUInt32LE(1, 12);
  database.prepare('UPDATE segment SET body = ? WHERE seq = 1 AND shard = 1').run(deflateRawSync(whole));
  database.close();
  const log = await opened(path);
  await expect(readAll(log, 1)).rejects.toThrow(/shard 1 is damaged at fact 1: the checksum/);
});

test('ST15: compaction reads what it joins as carefully, and leaves what is damaged', async () => {
  const path = await written();
  alter(path, 'UPDATE segment SET body = zeroblob(500) WHERE shard = 1 AND seq = 7');
  const log = await opened(path);
  await expect(log.compact(1, 1, 0, COMPACT)).rejects.toThrow(LogDamaged);
  await expect(log.compact(1, 1, 0, COMPACT)).rejects.toThrow(/at fact 7: the checksum/);
  expect(seqsOf(await readAll(log, 1, 8))).toEqual([9, 11, 13, 15, 17, 19]);
});

test('ST15: an altered snapshot is found at reading', async () => {
  const path = await written();
  await flip(path, blobOf(1), 199);
  const log = await opened(path);
  await expect(log.snapshot(1)).rejects.toThrow(/the snapshot of shard 1 at fact 6 is damaged/);
  expect(await log.snapshot(2)).toEqual({ seq: 6, blob: blobOf(2) });
});

test('ST15: a page of the file that was overwritten is found, by opening or by reading', async () => {
  const path = await written();
  const file = await readFile(path);
  const page = Math.floor(file.indexOf(bodyOf(1, 9, 500)) / 8_192);
  file.fill(0xee, page * 8_192, (page + 1) * 8_192);
  await writeFile(path, file);
  await expect(opened(path).then((log) => readAll(log, 1))).rejects.toThrow(LogDamaged);
});

test('ST15: a file that is no database is refused at opening, and left as it is', async () => {
  const path = join(await testDirectory(), 'log.db');
  const content = Buffer.alloc(50_000, 'not a database ');
  await writeFile(path, content);
  await expect(SqliteLogStore.open(path)).rejects.toThrow(LogDamaged);
  expect((await readFile(path)).equals(content)).toBe(true);
});
