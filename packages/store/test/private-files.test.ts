import { chmod, chown, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStores, StoreInUse } from '../src/index.ts';
import { testDirectory } from './contract/directory.ts';
import { segmentOf } from './contract/segments.ts';

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o7777).toString(8);

const modesIn = async (directory: string): Promise<Record<string, string>> => {
  const names = ['.', ...(await readdir(directory))].sort();
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await modeOf(join(directory, name))])));
};

const PRIVATE = {
  '.': '700',
  blobs: '700',
  'log.db': '600',
  'log.db-shm': '600',
  'log.db-wal': '600',
  'log.db.lock': '600',
  'reads.db': '600',
  'reads.db-shm': '600',
  'reads.db-wal': '600',
  'webhooks.db': '600',
  'webhooks.db-shm': '600',
  'webhooks.db-wal': '600',
};

/** A data directory that was in use, with files as an earlier version made them. */
const lax = async (): Promise<string> => {
  const directory = join(await testDirectory(), 'data');
  const stores = await openSqliteStores(directory);
  await stores.log.claim(0, 0);
  await stores.log.append([segmentOf(0, 1, 1)]);
  await stores.close();
  for (const name of await readdir(directory)) await chmod(join(directory, name), name === 'blobs' ? 0o755 : 0o664);
  await chmod(directory, 0o755);
  return directory;
};

const opened = async (directory: string) => {
  const stores = await openSqliteStores(directory);
  onTestFinished(() => stores.close());
  await stores.log.claim(1, 0);
  await stores.reads.project(1, 1, { results: [], unitFacts: [], changes: [] });
  return stores;
};

test.runIf(process.platform !== 'win32')(
  "ST30: a data directory that others may read is its owner's alone after a start, with its files and those that are made later",
  async () => {
    const directory = await lax();
    const { exposed } = await opened(directory);
    expect(exposed).toEqual([]);
    expect(await modesIn(directory)).toEqual(PRIVATE);
  },
);

test.runIf(process.platform !== 'win32')(
  'ST30: so is a new one, and one that was there empty, whatever the umask is',
  async () => {
    const before = process.umask(0o002);
    try {
      const directory = join(await testDirectory(), 'deep', 'data');
      await mkdir(directory, { recursive: true });
      expect((await opened(directory)).exposed).toEqual([]);
      expect(await modesIn(directory)).toEqual(PRIVATE);
    } finally {
      process.umask(before);
    }
  },
);

test.runIf(process.platform !== 'win32')(
  'ST31: a directory with other things in it, or that users share, keeps its mode, which is said; its files do not',
  async () => {
    const mixed = await lax();
    await writeFile(join(mixed, 'thesis.tex'), 'x');
    const one = await opened(mixed);
    expect(one.exposed).toEqual([
      { path: mixed, mode: '0755', why: "it holds other things than this grid's, such as thesis.tex" },
    ]);
    expect(await modeOf(mixed)).toBe('755');
    expect(await modeOf(join(mixed, 'log.db'))).toBe('600');
    expect(await modeOf(join(mixed, 'blobs'))).toBe('700');
    const shared = await lax();
    await chmod(shared, 0o1777);
    const other = await opened(shared);
    expect(other.exposed).toEqual([{ path: shared, mode: '1777', why: 'it is one that users share' }]);
    expect(await modeOf(shared)).toBe('1777');
  },
);

test.runIf(process.getuid?.() === 0)("ST31: another user's directory keeps its mode, which is said", async () => {
  const directory = await lax();
  await chown(directory, 12_345, 12_345);
  const { exposed } = await opened(directory);
  expect(exposed).toEqual([{ path: directory, mode: '0755', why: 'it is owned by another user' }]);
  expect(await modeOf(directory)).toBe('755');
});

test('ST30: looking at the files drops no lock that a store of this process has', async () => {
  const directory = await lax();
  await opened(directory);
  await expect(openSqliteStores(directory)).rejects.toThrow(StoreInUse);
  await expect(openSqliteStores(directory)).rejects.toThrow(StoreInUse);
});
