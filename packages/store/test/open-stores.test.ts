import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { LogDamaged, openMemoryStores, openSqliteStores, StoreClosed } from '../src/index.ts';
import { threadUrl } from '../src/sqlite/thread/thread-url.ts';
import { testDirectory } from './contract/directory.ts';
import { readAll, segmentOf } from './contract/segments.ts';

test('ST22: a data directory is made where there is none, and comes back with everything', async () => {
  const directory = join(await testDirectory(), 'deep', 'down', 'data');
  const first = await openSqliteStores(directory);
  await first.log.claim(0, 0);
  await first.log.append([segmentOf(0, 1, 1)]);
  await first.reads.project(0, 1, { results: [], unitFacts: [{ unit: 1, fact: 1, seq: 1 }], changes: [] });
  await first.close();
  expect((await readdir(directory)).sort()).toEqual(['blobs', 'log.db', 'log.db.lock', 'reads.db', 'webhooks.db']);
  const second = await openSqliteStores(directory);
  expect(await readAll(second.log, 0)).toEqual([segmentOf(0, 1, 1)]);
  expect(await second.reads.cursor(0)).toBe(1);
  await second.close();
});

test('ST22: an opening that fails lets go of the directory', async () => {
  const directory = await testDirectory();
  const log = join(directory, 'log.db');
  await writeFile(log, Buffer.alloc(10_000, 'garbage'));
  await expect(openSqliteStores(directory)).rejects.toThrow(LogDamaged);
  await writeFile(log, '');
  await writeFile(join(directory, 'blobs'), 'a file in the place of a directory');
  await expect(openSqliteStores(directory)).rejects.toThrow(/ENOTDIR|EEXIST/);
  await expect(openSqliteStores(directory)).rejects.toThrow(/ENOTDIR|EEXIST/);
});

test('ST22: stores in memory answer at once and close alike', async () => {
  const { log, blobs, reads, webhooks, close } = openMemoryStores();
  await log.claim(1, 0);
  expect(await log.append([segmentOf(1, 1, 1)])).toEqual(['ok']);
  expect(await blobs.stat('0'.repeat(64) as never)).toBeNull();
  await close();
  await expect(log.epochOf(1)).rejects.toThrow(StoreClosed);
  await expect(reads.cursor(1)).rejects.toThrow(StoreClosed);
  await expect(webhooks.load()).rejects.toThrow(StoreClosed);
});

test('ST23: a thread runs from the built package, and a package that is not built says so', async () => {
  const built = threadUrl('./reads-thread', 'file:///x/dist/sqlite/reads/sqlite-read-model.js');
  expect(built.href).toBe('file:///x/dist/sqlite/reads/reads-thread.js');
  const source = pathToFileURL(join(await testDirectory(), 'src', 'sqlite', 'reads', 'module.ts')).href;
  expect(() => threadUrl('./reads-thread', source)).toThrow(
    /dist.sqlite.reads.reads-thread\.js is missing: build the package/,
  );
});
