import { utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { MemoryBlobStore } from '@gossamer/store';
import { expect, test } from 'vitest';
import { InspectedPrograms } from '../../src/service/inspected-programs.ts';

/** Blobs of which it is known how often they were read. */
const counted = () => {
  const blobs = new MemoryBlobStore();
  const state = { reads: 0, isGone: false };
  const seen: BlobStore = new Proxy(blobs, {
    get: (target, name) => {
      if (name === 'read') state.reads += 1;
      if (name === 'stat' && state.isGone) return async () => null;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  return { blobs, state, programs: new InspectedPrograms(seen) };
};

test('RT35: a program is parsed once for all of its jobs, also for those that come at once', async () => {
  const { blobs, state, programs } = counted();
  const program = await blobs.add(utf8('export const run = (x) => x; export const check = () => true;'));
  const other = await blobs.add(utf8('export const run = (x) => 2 * x;'));
  const found = await Promise.all([programs.exportsOf(program), programs.exportsOf(program)]);
  expect(found.map((names) => names.toSorted())).toEqual([
    ['check', 'run'],
    ['check', 'run'],
  ]);
  expect(await programs.exportsOf(program)).toEqual(found[0]);
  expect(state.reads).toBe(1);
  expect(await programs.exportsOf(other)).toEqual(['run']);
  expect(state.reads).toBe(2);
});

test('RT35: one that is refused is refused each time, and one that is gone is not taken', async () => {
  const { blobs, state, programs } = counted();
  const broken = await blobs.add(utf8('export const run = ('));
  for (const reads of [1, 2]) {
    await expect(programs.exportsOf(broken)).rejects.toMatchObject({ code: 'program-invalid' });
    expect(state.reads).toBe(reads);
  }
  const program = await blobs.add(utf8('export const run = (x) => x;'));
  await programs.exportsOf(program);
  state.isGone = true;
  await expect(programs.exportsOf(program)).rejects.toMatchObject({ code: 'blob-unknown' });
});
