import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unitSeed } from '../src/index.ts';
import { u32 } from './arbitraries.ts';

describe('the seed of a unit', () => {
  it('US1: it is a 32-bit integer, and the same whenever it is asked for', () => {
    fc.assert(
      fc.property(u32, u32, (seed, index) => {
        const drawn = unitSeed(seed, index);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn <= 0xffff_ffff).toBe(true);
        expect(unitSeed(seed, index)).toBe(drawn);
      }),
    );
  });

  it('US2: no two units of a job share a seed', () => {
    fc.assert(
      fc.property(u32, u32, (seed, from) => {
        const drawn = new Set<number>();
        for (let step = 0; step < 2000; step++) drawn.add(unitSeed(seed, (from + step) >>> 0));
        expect(drawn.size).toBe(2000);
      }),
      { numRuns: 50 },
    );
  });

  it('US3: neighbouring units differ in about half of the bits, and every bit is used', () => {
    const set = Array.from({ length: 32 }, () => 0);
    let flips = 0;
    const units = 4096;
    for (let index = 0; index < units; index++) {
      const drawn = unitSeed(0, index);
      let changed = drawn ^ unitSeed(0, index + 1);
      for (; changed !== 0; changed &= changed - 1) flips += 1;
      for (let bit = 0; bit < 32; bit++) if ((drawn >>> bit) & 1) set[bit]! += 1;
    }
    expect(flips / units).toBeGreaterThan(15);
    expect(flips / units).toBeLessThan(17);
    for (const count of set) expect(Math.abs(count / units - 0.5)).toBeLessThan(0.06);
  });

  it('US4: another seed of the job gives its units other seeds', () => {
    let same = 0;
    for (let index = 0; index < 1000; index++) if (unitSeed(1, index) === unitSeed(2, index)) same += 1;
    expect(same).toBe(0);
  });
});
