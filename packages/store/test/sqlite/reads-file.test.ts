import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { ReadModelDamaged, SqliteReadModel } from '../../src/index.ts';
import { testDirectory } from '../contract/directory.ts';

const START = { fact: 0, unit: -1 };
const rows = Array.from({ length: 3_000 }, (_, unit) => ({
  unit,
  fact: unit + 1,
  seq: 1,
  offset: 0,
  length: 1,
  encoding: 0,
}));

const opened = async (path: string): Promise<SqliteReadModel> => {
  const reads = await SqliteReadModel.open(path);
  onTestFinished(() => reads.close());
  return reads;
};

/** A closed read model with some rows. */
const written = async (): Promise<string> => {
  const path = join(await testDirectory(), 'reads.db');
  const reads = await opened(path);
  await reads.project(1, 3_000, { results: rows, unitFacts: [], changes: [] });
  await reads.close();
  return path;
};

const expectAnew = async (reads: SqliteReadModel): Promise<void> => {
  expect(await reads.cursor(1)).toBe(0);
  expect(await reads.results(1, START, 5)).toEqual([]);
  await reads.project(1, 3_000, { results: rows, unitFacts: [], changes: [] });
  expect(await reads.results(1, START, 2)).toEqual(rows.slice(0, 2));
};

test('RM7: a read model whose file is missing starts anew', async () => {
  const path = await written();
  await rm(path);
  await expectAnew(await opened(path));
});

test('RM7: a read model whose file is no database starts anew', async () => {
  const path = await written();
  await writeFile(path, Buffer.alloc(30_000, 'garbage'));
  await expectAnew(await opened(path));
});

test('RM7: a read model of a newer schema version starts anew', async () => {
  const path = await written();
  const database = new Database(path);
  database.pragma('user_version = 99');
  database.close();
  await expectAnew(await opened(path));
});

test('RM8: damage that shows up in use is reported by every call, and the next start begins anew', async () => {
  const path = await written();
  const file = await readFile(path);
  file.fill(0xee, 8_192 * 2);
  await writeFile(path, file);
  const reads = await opened(path);
  await expect(reads.results(1, START, 5_000)).rejects.toThrow(ReadModelDamaged);
  await expect(reads.cursor(1)).rejects.toThrow(ReadModelDamaged);
  await expect(reads.project(1, 3_001, { results: [], unitFacts: [], changes: [] })).rejects.toThrow(ReadModelDamaged);
  await reads.close();
  await expectAnew(await opened(path));
});
