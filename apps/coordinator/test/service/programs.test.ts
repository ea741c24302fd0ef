import { Judge } from '@gossamer/judge';
import { wasmModule } from '@gossamer/program/testing';
import { utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { MemoryBlobStore } from '@gossamer/store';
import { afterAll, describe, expect, it, test } from 'vitest';
import { InspectedPrograms } from '../../src/service/inspected-programs.ts';
import { ProgramKinds } from '../../src/service/program-kinds.ts';

const MEMORY_BYTES = 2 * 65_536;

const judge = new Judge({ limits: { timeMs: 20_000 } });
const hasty = new Judge({ limits: { timeMs: 300 } });
afterAll(() => Promise.all([judge.close(), hasty.close()]));

/** Blobs of which it is known how often one was read to its end. */
const counted = () => {
  const blobs = new MemoryBlobStore();
  const state = { reads: 0, isGone: false };
  const read: BlobStore['read'] = (hash, range) => {
    if (range.end > 4) state.reads += 1;
    return blobs.read(hash, range);
  };
  const seen: BlobStore = new Proxy(blobs, {
    get: (target, name) => {
      if (name === 'read') return read;
      if (name === 'stat' && state.isGone) return async () => null;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
  const kinds = new ProgramKinds(seen);
  return {
    blobs,
    kinds,
    state,
    programs: new InspectedPrograms({ blobs: seen, kinds, judge, wasmMemoryBytes: MEMORY_BYTES }),
  };
};

test('RT35: a program is parsed once for all of its jobs, also for those that come at once', async () => {
  const { blobs, state, programs } = counted();
  const program = await blobs.add(utf8('export const run = (x) => x; export const check = () => true;'));
  const other = await blobs.add(utf8('export const run = (x) => 2 * x;'));
  const found = await Promise.all([programs.inspect(program), programs.inspect(program)]);
  expect(found.map(({ exports }) => exports.toSorted())).toEqual([
    ['check', 'run'],
    ['check', 'run'],
  ]);
  expect(await programs.inspect(program)).toEqual(found[0]);
  expect(state.reads).toBe(1);
  expect(await programs.inspect(other)).toEqual({ kind: 'js', exports: ['run'] });
  expect(state.reads).toBe(2);
});

test('RT35: one that is refused is refused each time, and one that is gone is not taken', async () => {
  const { blobs, state, programs } = counted();
  const broken = await blobs.add(utf8('export const run = ('));
  for (const reads of [1, 2]) {
    await expect(programs.inspect(broken)).rejects.toMatchObject({ code: 'program-invalid' });
    expect(state.reads).toBe(reads);
  }
  const program = await blobs.add(utf8('export const run = (x) => x;'));
  await programs.inspect(program);
  state.isGone = true;
  await expect(programs.inspect(program)).rejects.toMatchObject({ code: 'blob-unknown' });
});

test.each([
  ['export const run = 42;', 'a number'],
  ['export const run = { input: 1 };', 'an object'],
  ['export class run {}', 'a class'],
  ['export const run = async function* (x) { yield x; };', 'an async generator'],
  ['export let run;', 'undefined'],
  // Only an evaluation can tell.
  ['const make = () => ({ run: () => 1 }); export const run = make();', 'an object'],
  ['export const { run } = { run: [1] };', 'an array'],
])('PR20: a program whose run cannot run is refused before a job is made of it: %s', async (code, kind) => {
  const { blobs, programs } = counted();
  await expect(programs.inspect(await blobs.add(utf8(code)))).rejects.toMatchObject({
    code: 'program-exports',
    errors: [{ path: 'program.js', message: expect.stringContaining(`\`run\` is ${kind}`) }],
  });
});

test.each([
  'export const run = async (x) => x;',
  'const make = () => () => 1; export const run = make();',
  'export const { run } = { run: (x) => x };',
  // What the judge has not, a browser may have.
  'const url = new URL("https://example.org"); export const run = () => url.href;',
  'throw new Error("not here"); export const run = () => 1;',
])('PR20: one that may run is taken, also where its top level does not run in the judge: %s', async (code) => {
  const { blobs, programs } = counted();
  expect(await programs.inspect(await blobs.add(utf8(code)))).toEqual({ kind: 'js', exports: ['run'] });
});

test('PR20: one whose top level takes long is taken, too', async () => {
  const { blobs, kinds } = counted();
  const programs = new InspectedPrograms({ blobs, kinds, judge: hasty, wasmMemoryBytes: MEMORY_BYTES });
  const program = await blobs.add(utf8('for (;;); export const run = () => 1;'));
  expect(await programs.inspect(program)).toEqual({ kind: 'js', exports: ['run'] });
});

describe('wasm programs', () => {
  it('WA19: a module is a program of its own kind, by its first bytes, and read once', async () => {
    const { blobs, kinds, state, programs } = counted();
    const program = await blobs.add(wasmModule({ maximumPages: 2 }));
    expect(kinds.of(program)).toBe('js');
    const found = await Promise.all([programs.inspect(program), programs.inspect(program)]);
    expect(found[0]).toEqual({ kind: 'wasm', exports: ['run'] });
    expect([found[1], state.reads, kinds.of(program)]).toEqual([found[0], 1, 'wasm']);
  });

  it('WA20: a memory that may grow past the limit of the operator is refused, with the byte and what to do', async () => {
    const { blobs, programs } = counted();
    const program = await blobs.add(wasmModule({ maximumPages: 3 }));
    await expect(programs.inspect(program)).rejects.toMatchObject({
      code: 'program-invalid',
      errors: [
        {
          path: 'program.wasm:0x1e',
          message: 'the memory may grow to 3 pages of 64 KiB; 2 are allowed here: declare a smaller maximum',
        },
      ],
    });
  });

  it('WA19: what only begins like a module is a broken module, not a broken text', async () => {
    const { blobs, programs } = counted();
    const program = await blobs.add(wasmModule({ maximumPages: 1 }).subarray(0, 20));
    await expect(programs.inspect(program)).rejects.toMatchObject({
      code: 'program-invalid',
      message: expect.stringContaining('program.wasm:0x'),
    });
  });
});
