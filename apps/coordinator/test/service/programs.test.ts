import { wasmModule } from '@gossamer/program/testing';
import { utf8 } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { MemoryBlobStore } from '@gossamer/store';
import { describe, expect, it, test } from 'vitest';
import { InspectedPrograms } from '../../src/service/inspected-programs.ts';
import { ProgramKinds } from '../../src/service/program-kinds.ts';

const MEMORY_BYTES = 2 * 65_536;

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
    programs: new InspectedPrograms({ blobs: seen, kinds, wasmMemoryBytes: MEMORY_BYTES }),
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
