import { Judge } from '@gossamer/judge';
import { ENCODING, utf8 } from '@gossamer/protocol';
import { afterAll, expect, test } from 'vitest';
import { Folder, MOST } from '../../src/reducing/folder.ts';
import { emptyReduction, readSnapshot, snapshotOf } from '../../src/reducing/reduction.ts';
import type { FinalResult } from '../../src/queries/queries.ts';

const judge = new Judge({ limits: { timeMs: 1500, memoryBytes: 32 * 2 ** 20 } });
afterAll(() => judge.close());

let programs = 0;
const folderOf = (reduce: string): Folder => {
  const sha256 = (programs++).toString(16).padStart(64, '0') as never;
  return new Folder(judge, async () => ({ sha256, text: `export const reduce = ${reduce};` }));
};

const finals = (from: number, n: number): FinalResult[] =>
  Array.from({ length: n }, (_, at) => ({
    unit: from + at,
    fact: 1 + from + at,
    encoding: ENCODING.json,
    body: utf8(String(from + at)),
  }));

test('FO7: a call that takes too long is tried with fewer results, and the rest come later', async () => {
  // Some 40 ms a result and state: a few fit into the time, and 64 never do.
  const folder = folderOf('(acc = 0, x) => { for (let i = 0; i < 400000; i++); return acc + x; }');
  const made = await folder.fold(emptyReduction(), finals(0, 64));
  expect(made.failure).toBeNull();
  expect(made.folded).toBeGreaterThan(0);
  expect(made.folded).toBeLessThan(64);
  expect(made.states[0]!.acc).toBe((made.folded * (made.folded - 1)) / 2);
  expect(made.position).toEqual({ fact: made.folded, unit: made.folded - 1 });
  expect(folder.most).toBeLessThan(64);
});

test('FO7: calls that are quick take more and more', async () => {
  const folder = folderOf('(acc = 0, x) => acc + x');
  let made = emptyReduction();
  for (let call = 0; call < 9; call++) made = await folder.fold(made, finals(made.folded, folder.most));
  expect(folder.most).toBe(MOST);
  expect(made.states[0]!.acc).toBe((made.folded * (made.folded - 1)) / 2);
});

test('FO7: a single result that takes too long is a fault at the second time', async () => {
  const folder = folderOf('() => { for (;;); }');
  await expect(folder.fold(emptyReduction(), finals(0, 1))).rejects.toThrow('gave no answer within');
  const made = await folder.fold(emptyReduction(), finals(0, 1));
  expect([made.failure, made.folded]).toEqual([expect.stringContaining('gave no answer within'), 0]);
});

test('FO9: what was kept is gone on with, and what cannot be read is begun anew', async () => {
  const folder = folderOf('(acc = 0, x) => acc + x');
  const made = await folder.fold(emptyReduction(), finals(0, 5));
  expect(readSnapshot(snapshotOf(made))).toEqual(made);
  expect(readSnapshot(null)).toEqual(emptyReduction());
  expect(readSnapshot('{"version":99}')).toEqual(emptyReduction());
});
