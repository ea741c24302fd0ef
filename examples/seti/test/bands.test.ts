import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandAt, cutBand } from '../src/band.ts';
import type { Hit } from '../src/drift-path.ts';
import { driftSearch, MERGE_RADIUS } from '../src/drift-search.ts';
import { DEFAULT_THRESHOLD, falseAlarmProbability } from '../src/false-alarm.ts';
import { mergeHits } from '../src/merge-hits.ts';
import { overlapFor, planBands } from '../src/plan.ts';
import { plantTones } from '../src/plant-tones.ts';
import { matchTones } from '../src/report.ts';
import { synthesize } from '../src/synthesize.ts';
import { searchByBands } from './bands.ts';

const ROWS = 16;
const COLUMNS = 1100;
const MAX_DRIFT = 15;

function tonesIn(columns: number) {
  return fc
    .record({ drift: fc.integer({ min: -MAX_DRIFT, max: MAX_DRIFT }), snr: fc.integer({ min: 20, max: 120 }) })
    .chain(({ drift, snr }) =>
      fc
        .oneof(
          fc.integer({ min: Math.max(0, -drift), max: columns - 1 - Math.max(0, drift) }),
          // Beside a border between bands: of 1100 columns the plan makes 8 bands of 138.
          fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: -2, max: 2 })).map(([k, d]) => k * 138 + d),
        )
        .map((bin): Hit => ({ bin, drift, snr })),
    );
}

describe('SB1: bands cover the data, and their slices what drifts across', () => {
  test('SB1: for any shape: cores tile the columns, slices add the overlap, nothing is degenerate', () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 400 }),
      columns: fc.integer({ min: 1, max: 3_000_000 }),
      maxDrift: fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(shapes, (shape) => {
        const plan = planBands(shape);
        expect(plan.overlap).toBe(2 * (shape.maxDrift ?? shape.rows - 1) + MERGE_RADIUS);
        const geometry = { columns: shape.columns, ...plan };
        let next = 0;
        for (let i = 0; i < plan.bands; i++) {
          const band = bandAt(geometry, i);
          expect(band.coreStart).toBe(next);
          expect(band.sliceStart).toBe(Math.max(0, band.coreStart - plan.overlap));
          expect(band.sliceEnd).toBe(Math.min(shape.columns, band.coreEnd + plan.overlap));
          next = band.coreEnd;
        }
        expect(next).toBe(shape.columns);
        expect(() => bandAt(geometry, plan.bands)).toThrow(RangeError);
        if (plan.bands > 1) expect(plan.width).toBeGreaterThanOrEqual(4 * plan.overlap);
      }),
    );
  });

  test('SB1: the demo has 64 bands, larger data more, small data as many as make sense', () => {
    expect(planBands({ rows: 16, columns: 1 << 20 })).toEqual({ width: 16_384, overlap: 34, bands: 64, maxDrift: 15 });
    expect(planBands({ rows: 16, columns: 1 << 24 }).bands).toBe(1024);
    expect(planBands({ rows: 16, columns: 1 << 17 }).bands).toBe(64);
    expect(planBands({ rows: 14, columns: 256 })).toEqual({ width: 128, overlap: 30, bands: 2, maxDrift: 13 });
    expect(planBands({ rows: 16, columns: 20 }).bands).toBe(1);
    // A slice of many rows stays in the megabytes.
    expect(planBands({ rows: 1000, columns: 1 << 20, maxDrift: 10 }).width * 1000).toBeLessThanOrEqual(4_194_304);
  });

  test('SB1: shapes that make no sense are refused', () => {
    for (const shape of [
      { rows: 0, columns: 9 },
      { rows: 9, columns: 1.5 },
      { rows: 9, columns: 9, maxDrift: -1 },
    ]) {
      expect(() => planBands(shape)).toThrow(RangeError);
    }
    expect(() => bandAt({ columns: 100, width: 10, overlap: 4 }, -1)).toThrow(RangeError);
  });

  test('SB1: a slice holds its columns of every row', () => {
    const cells = Float32Array.from({ length: 3 * 100 }, (_, i) => i);
    const band = bandAt({ columns: 100, width: 10, overlap: 4 }, 2);
    const shape = { rows: 3, columns: 100, cellBytes: 4 } as const;
    const slice = new Float32Array(cutBand(new Uint8Array(cells.buffer), shape, band).buffer);
    expect([...slice]).toEqual([0, 100, 200].flatMap((row) => Array.from({ length: 18 }, (_, i) => row + 16 + i)));
    const bytes = cutBand(
      Uint8Array.of(1, 2, 3, 4, 5, 6),
      { rows: 2, columns: 3, cellBytes: 1 },
      bandAt({ columns: 3, width: 2, overlap: 0 }, 1),
    );
    expect([...bytes]).toEqual([3, 6]);
  });
});

describe('SB2: band by band finds what the whole search finds, each tone once', () => {
  test('SB2: one tone anywhere is reported by exactly one band', () => {
    fc.assert(
      fc.property(tonesIn(COLUMNS), fc.integer(), (tone, seed) => {
        const data = synthesize({ rows: ROWS, columns: COLUMNS, seed, tones: [tone] });
        const { bands, plan } = searchByBands(data, { rows: ROWS, columns: COLUMNS });
        expect(plan.bands).toBe(8);
        expect(bands.flat()).toHaveLength(1);
        expect(matchTones([tone], bands.flat()).found).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });

  test('SB2: two tones anywhere, crossing or not, give the hits of the whole search', () => {
    fc.assert(
      fc.property(tonesIn(COLUMNS), tonesIn(COLUMNS), fc.integer(), (a, b, seed) => {
        const data = synthesize({ rows: ROWS, columns: COLUMNS, seed, tones: [a, b] });
        const whole = driftSearch({ data, rows: ROWS, width: COLUMNS }, { maxDrift: MAX_DRIFT, threshold: 10 }).hits;
        const { hits } = searchByBands(data, { rows: ROWS, columns: COLUMNS });
        // Bands estimate the noise from fewer columns: hits close to the threshold may fall to either side.
        const clear = (list: readonly Hit[]) => list.filter(({ snr }) => snr > 13);
        expect(matchTones(clear(whole), hits).missed).toEqual([]);
        expect(matchTones(clear(hits), whole).missed).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('SB2: a tone of the core that is crossed outside it by a stronger tone from beyond is no more than itself', () => {
    const border = 138;
    const weak = { bin: border - 1, drift: 15, snr: 40 };
    const strong = { bin: border + 26, drift: -15, snr: 400 };
    const data = synthesize({ rows: ROWS, columns: COLUMNS, seed: 4, tones: [weak, strong] });
    const { hits, bands } = searchByBands(data, { rows: ROWS, columns: COLUMNS });
    expect(hits.map(({ bin, drift }) => ({ bin, drift }))).toEqual([
      { bin: strong.bin, drift: -15 },
      { bin: weak.bin, drift: 15 },
    ]);
    expect(bands.map((list) => list.length)).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
  });
});

describe('SB3: merging across bands reports one tone once', () => {
  test('SB3: of paths that keep together the strongest stays, wherever they were reported', () => {
    const hits = mergeHits([
      [{ bin: 99, drift: 5, snr: 30 }],
      [
        { bin: 100, drift: 4, snr: 31 },
        { bin: 103, drift: 5, snr: 20 },
        { bin: 105, drift: 4, snr: 15 },
        { bin: 100, drift: -4, snr: 18 },
      ],
      [],
    ]);
    expect(hits).toEqual([
      { bin: 100, drift: 4, snr: 31 },
      { bin: 100, drift: -4, snr: 18 },
      { bin: 105, drift: 4, snr: 15 },
    ]);
  });

  test('SB3: it does not depend on the order of bands, and merging again changes nothing', () => {
    const hit = fc.record({
      bin: fc.integer({ min: 0, max: 60 }),
      drift: fc.integer({ min: -9, max: 9 }),
      snr: fc.integer({ min: 10, max: 15 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(hit, { maxLength: 8 }), { maxLength: 5 }), (bands) => {
        const merged = mergeHits(bands);
        expect(mergeHits(bands.toReversed().map((band) => band.toReversed()))).toEqual(merged);
        expect(mergeHits([merged])).toEqual(merged);
        expect(merged.every((a, i) => i === 0 || merged[i - 1]!.snr >= a.snr)).toBe(true);
        for (const a of bands.flat()) {
          const near = (b: Hit) => Math.abs(a.bin - b.bin) <= 4 && Math.abs(a.bin + a.drift - b.bin - b.drift) <= 4;
          expect(merged.some((b) => near(b) && b.snr >= a.snr)).toBe(true);
          expect(merged.filter((b) => b !== a && merged.includes(a) && near(b))).toEqual([]);
        }
      }),
    );
  });
});

describe('SB4: at the size of the demo there are no misses and no false alarms', () => {
  const columns = 1 << 20;

  test('SB4: the formula allows the default threshold', () => {
    expect(falseAlarmProbability(16, DEFAULT_THRESHOLD) * columns * 31).toBeLessThan(1e-5);
    expect(falseAlarmProbability(16, 6) * columns * 31).toBeGreaterThan(1);
  });

  test('SB4: 16 x 2^20 cells, nine tones from S/N 20, 64 bands', () => {
    const { width } = planBands({ rows: 16, columns });
    const tones = plantTones({ columns, width, maxDrift: 15, count: 9, seed: 20, snr: [20, 60] });
    const data = synthesize({ rows: 16, columns, seed: 20, tones });
    const { hits, bands } = searchByBands(data, { rows: 16, columns });
    const report = matchTones(tones, hits);
    expect(bands).toHaveLength(64);
    expect(report.missed).toEqual([]);
    expect(report.falseHits).toEqual([]);
    expect(report.found).toHaveLength(9);
    expect(overlapFor(15)).toBe(34);
  }, 300_000);
});
