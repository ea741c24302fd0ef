import type { ProgramContext } from '@gossamer/program';
import { GRID_FUNCTIONS } from '@gossamer/program/wasm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeGrid } from '../../../src/boot/wasm/grid.ts';

const PAGE = 65_536;
/** As a module's i32 comes to JavaScript: small, around the end of the memory, or anything. */
const i32 = fc.oneof(
  fc.integer({ min: 0, max: 64 }),
  fc.integer({ min: PAGE - 64, max: PAGE + 64 }),
  fc.integer({ min: -64, max: -1 }),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
);
const call = fc.tuple(
  fc.constantFrom(...(Object.keys(GRID_FUNCTIONS) as (keyof typeof GRID_FUNCTIONS)[])),
  i32,
  i32,
  i32,
  i32,
  i32,
);
const ctx: ProgramContext = {
  params: { a: 1 },
  unit: { index: 0, seed: 1 },
  data: () => Promise.resolve(new ArrayBuffer(0)),
  dataSize: () => 0,
  progress: () => {},
  log: () => {},
  picture: ({ width, height, rgba }) => expect(rgba.byteLength).toBe(width * height * 4),
};

describe('the functions of grid', () => {
  it('CG63: whatever numbers a module names, they refuse in words or do as they are told, and write what was asked for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(call, { maxLength: 8 }), (random, calls) => {
        const input = new Uint8Array(random);
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
        const bytes = new Uint8Array(memory.buffer);
        const data = new Map([['', random]]);
        const unit = { input: input.buffer, ctx, memory, resultBytes: 1000, data, result: undefined as unknown };
        const grid = makeGrid(unit);
        for (const [name, a, b, c, d, e] of calls) {
          const before = bytes.slice();
          let refused = false;
          try {
            grid[name](a, b, c, d, e);
          } catch (error) {
            refused = true;
            expect(['GridError', 'Aborted']).toContain((error as Error).name);
          }
          if (name === 'input_read' && !refused) before.set(input.subarray(b, b + c), a);
          // The one name that there is has no bytes, wherever it stands.
          if (name === 'data_read' && !refused) before.set(random.subarray(d, d + e), c);
          if (name === 'params_read' && !refused) before.set(new TextEncoder().encode('{"a":1}').subarray(b, b + c), a);
          expect(Buffer.compare(before, bytes)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
