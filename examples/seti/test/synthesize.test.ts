import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathOffsets } from '../src/drift-path.ts';
import { falseAlarmProbability } from '../src/false-alarm.ts';
import { plantTones } from '../src/plant-tones.ts';
import { nextInteger, nextUint32, nextUniform, seedRandom } from '../src/random.ts';
import { CELL_SIGMA, synthesize } from '../src/synthesize.ts';

describe('SS1: a seed fixes the observation', () => {
  test('SS1: xoshiro128** from the state 1, 2, 3, 4 gives its published first words', () => {
    const state = Int32Array.of(1, 2, 3, 4);
    expect(Array.from({ length: 10 }, () => nextUint32(state))).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('SS1: equal seeds agree, others do not', () => {
    const make = (seed: number) => synthesize({ rows: 4, columns: 50, seed, tones: [] });
    expect(make(7)).toEqual(make(7));
    expect(make(7)).not.toEqual(make(8));
    expect([...seedRandom(0)].some((word) => word !== 0)).toBe(true);
  });

  test('SS1: uniforms lie in (0, 1], integers in their range, ends included', () => {
    const state = seedRandom(3);
    const seen = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      const u = nextUniform(state);
      expect(u > 0 && u <= 1).toBe(true);
      seen.add(nextInteger(state, -2, 1));
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1]);
  });
});

describe('SS2: the noise is Gamma(4, 1/4): mean 1, deviation 1/2, skewed', () => {
  const data = synthesize({ rows: 20, columns: 20_000, seed: 11, tones: [] });
  const moment = (power: number) => data.reduce((sum, cell) => sum + (cell - 1) ** power, 0) / data.length;

  test('SS2: its moments', () => {
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(Math.sqrt(moment(2))).toBeCloseTo(CELL_SIGMA, 2);
    // The skewness of Gamma(k) is 2 / sqrt(k).
    expect(moment(3) / CELL_SIGMA ** 3).toBeCloseTo(1, 1);
    expect(data.every((cell) => cell >= 0)).toBe(true);
  });

  test('SS2: as many paths exceed a low threshold as the formula says', () => {
    for (const threshold of [1, 2, 3]) {
      let over = 0;
      for (let column = 0; column < 20_000; column++) {
        let sum = 0;
        for (let t = 0; t < 20; t++) sum += data[t * 20_000 + column]!;
        if (sum > 20 + threshold * CELL_SIGMA * Math.sqrt(20)) over++;
      }
      const expected = 20_000 * falseAlarmProbability(20, threshold);
      expect(Math.abs(over - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
  });
});

describe('SS3: a tone adds its stated strength along its path, and nothing else', () => {
  test('SS3: any tone in the band', () => {
    const tone = fc.record({
      rows: fc.integer({ min: 2, max: 20 }),
      bin: fc.integer({ min: 20, max: 79 }),
      drift: fc.integer({ min: -20, max: 20 }),
      snr: fc.integer({ min: 1, max: 100 }),
    });
    fc.assert(
      fc.property(tone, ({ rows, ...hit }) => {
        const quiet = synthesize({ rows, columns: 100, seed: 5, tones: [] });
        const loud = synthesize({ rows, columns: 100, seed: 5, tones: [hit] });
        const offsets = pathOffsets(rows, hit.drift);
        let added = 0;
        for (let t = 0; t < rows; t++) {
          for (let column = 0; column < 100; column++) {
            const power = loud[t * 100 + column]! - quiet[t * 100 + column]!;
            if (column === hit.bin + offsets[t]!) added += power;
            else expect(power).toBe(0);
          }
        }
        expect(added / (CELL_SIGMA * Math.sqrt(rows))).toBeCloseTo(hit.snr, 3);
      }),
    );
  });

  test('SS3: a path begins at its bin, ends at bin + drift and goes straight', () => {
    expect([...pathOffsets(5, 4)]).toEqual([0, 1, 2, 3, 4]);
    expect([...pathOffsets(5, -2)]).toEqual([0, 0, -1, -1, -2]);
    expect([...pathOffsets(4, 1)]).toEqual([0, 0, 1, 1]);
    expect([...pathOffsets(1, 0)]).toEqual([0]);
  });

  test('SS3: a tone that leaves the band is refused', () => {
    for (const [bin, drift] of [
      [-1, 0],
      [100, 0],
      [5, -6],
      [95, 5],
    ] as const) {
      expect(() => synthesize({ rows: 4, columns: 100, seed: 1, tones: [{ bin, drift, snr: 9 }] })).toThrow(RangeError);
    }
  });
});

describe('SS4: planted tones are spread over the band, drift every way and meet borders', () => {
  const options = { columns: 1 << 20, width: 16_384, maxDrift: 15, snr: [20, 60] } as const;

  test('SS4: for any seed and count', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 6, max: 40 }), (seed, count) => {
        const tones = plantTones({ ...options, count, seed });
        expect(tones).toHaveLength(count);
        const distances = tones.slice(1).map((tone, i) => tone.bin - tones[i]!.bin);
        expect(Math.min(...distances)).toBeGreaterThan(2 * options.maxDrift);
        expect(tones.every(({ bin, drift }) => Math.min(bin, bin + drift) >= 0)).toBe(true);
        expect(tones.every(({ bin, drift }) => Math.max(bin, bin + drift) < options.columns)).toBe(true);
        expect(new Set(tones.map(({ drift }) => Math.sign(drift)))).toEqual(new Set([0, 1, -1]));
        expect(tones.every(({ drift }) => Math.abs(drift) <= 15 && Number.isInteger(drift))).toBe(true);
        const fromBorder = tones.map(({ bin }) => ((bin + 8192) % 16_384) - 8192);
        expect(fromBorder.filter((d) => d >= -2 && d <= 1).length).toBeGreaterThanOrEqual(Math.floor(count / 3));
        const ratios = tones.map(({ snr }) => snr);
        expect([Math.min(...ratios), Math.max(...ratios)]).toEqual([20, 60]);
      }),
    );
  });

  test('SS4: the seed decides, and too many tones are refused', () => {
    expect(plantTones({ ...options, count: 8, seed: 1 })).not.toEqual(plantTones({ ...options, count: 8, seed: 2 }));
    expect(() => plantTones({ ...options, columns: 256, width: 128, count: 6, seed: 1 })).toThrow(/do not fit/);
  });
});
