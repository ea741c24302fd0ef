import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Hit } from '../src/drift-path.ts';
import { driftSearch, MERGE_RADIUS } from '../src/drift-search.ts';
import { DEFAULT_THRESHOLD } from '../src/false-alarm.ts';
import { estimateNoise } from '../src/noise.ts';
import { synthesize } from '../src/synthesize.ts';

const ROWS = 16;
const WIDTH = 800;
const OPTIONS = { maxDrift: 15, threshold: DEFAULT_THRESHOLD };

function observe(tones: readonly Hit[], seed = 1) {
  return { data: synthesize({ rows: ROWS, columns: WIDTH, seed, tones }), rows: ROWS, width: WIDTH };
}

function search(tones: readonly Hit[], seed = 1) {
  return driftSearch(observe(tones, seed), OPTIONS).hits;
}

/** A tone between bins: each row's power is shared by its two nearest columns. */
function addBetweenBins(data: Float32Array, start: number, drift: number, power: number) {
  for (let t = 0; t < ROWS; t++) {
    const place = start + (drift * t) / (ROWS - 1);
    const column = Math.floor(place);
    data[t * WIDTH + column]! += power * (column + 1 - place);
    data[t * WIDTH + column + 1]! += power * (place - column);
  }
}

describe('SH1: a tone above the threshold is found once, where it is, with its strength', () => {
  test('SH1: at any position, drift and number of rows', () => {
    const tones = fc
      .record({
        rows: fc.integer({ min: 4, max: 24 }),
        drift: fc.integer({ min: -20, max: 20 }),
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        snr: fc.integer({ min: 20, max: 300 }),
        seed: fc.integer(),
      })
      .map(({ at, ...rest }) => {
        const least = Math.max(0, -rest.drift);
        return { ...rest, bin: least + Math.floor(at * (WIDTH - 1 - Math.abs(rest.drift))) };
      });
    fc.assert(
      fc.property(tones, ({ rows, seed, ...tone }) => {
        const data = synthesize({ rows, columns: WIDTH, seed, tones: [tone] });
        const { hits } = driftSearch({ data, rows, width: WIDTH }, { maxDrift: 20, threshold: DEFAULT_THRESHOLD });
        expect(hits).toHaveLength(1);
        expect(Math.abs(hits[0]!.bin - tone.bin)).toBeLessThanOrEqual(1);
        expect(Math.abs(hits[0]!.drift - tone.drift)).toBeLessThanOrEqual(1);
        // One deviation of noise is 1; the scale, estimated from 800 sums, errs by some percent.
        expect(Math.abs(hits[0]!.snr - tone.snr)).toBeLessThan(6 + 0.25 * tone.snr);
      }),
      { numRuns: 150 },
    );
  });

  test('SH1: paths at the very edges are searched, and paths that leave the data are not', () => {
    for (const tone of [
      { bin: 0, drift: 0, snr: 40 },
      { bin: WIDTH - 1, drift: 0, snr: 40 },
      { bin: 15, drift: -15, snr: 40 },
      { bin: WIDTH - 16, drift: 15, snr: 40 },
    ]) {
      expect(search([tone])).toMatchObject([{ bin: tone.bin, drift: tone.drift }]);
    }
    const data = new Float32Array(ROWS * 8).map((_, i) => 1 + (i % 7) / 10);
    expect(() => driftSearch({ data, rows: ROWS, width: 8 }, OPTIONS)).not.toThrow();
  });

  test('SH1: a tone that drifts faster than maxDrift is not reported along its path', () => {
    const { hits } = driftSearch(observe([{ bin: 300, drift: 15, snr: 25 }]), { maxDrift: 5, threshold: 10 });
    expect(hits.every(({ drift }) => Math.abs(drift) <= 5)).toBe(true);
  });

  test('SH1: the threshold is a signal-to-noise ratio', () => {
    const tone = { bin: 400, drift: 6, snr: 40 };
    expect(driftSearch(observe([tone]), { maxDrift: 15, threshold: 30 }).hits).toHaveLength(1);
    expect(driftSearch(observe([tone]), { maxDrift: 15, threshold: 50 }).hits).toHaveLength(0);
    for (const threshold of [0, -1, Number.NaN]) {
      expect(() => driftSearch(observe([]), { maxDrift: 15, threshold })).toThrow(RangeError);
    }
  });
});

describe('SH2: merging reports a tone once, and what crosses it only if it is a tone', () => {
  test.each([50, 500, 50_000])('SH2: nothing else is reported around a lone tone of S/N %d', (snr) => {
    for (const drift of [-15, -4, 0, 1, 15]) expect(search([{ bin: 400, drift, snr }])).toHaveLength(1);
  });

  test('SH2: a tone between bins is one hit', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 100, max: 700, noNaN: true }),
        fc.double({ min: -14, max: 14, noNaN: true }),
        (start, drift) => {
          const waterfall = observe([]);
          addBetweenBins(waterfall.data, start, drift, 30);
          const { hits } = driftSearch(waterfall, OPTIONS);
          expect(hits).toHaveLength(1);
          expect(Math.abs(hits[0]!.bin - start)).toBeLessThanOrEqual(2);
          expect(Math.abs(hits[0]!.drift - drift)).toBeLessThanOrEqual(2);
        },
      ),
      { numRuns: 60 },
    );
  });

  test.each([1, 2, 3, 4])('SH2: a weaker tone that crosses a stronger one is found as well (seed %d)', (seed) => {
    const strong = { bin: 400, drift: 12, snr: 200 };
    const weak = { bin: 412, drift: -12, snr: 30 };
    const hits = search([strong, weak], seed);
    expect(hits).toHaveLength(2);
    expect(hits[0]).toMatchObject({ bin: 400, drift: 12 });
    expect(Math.abs(hits[1]!.bin - weak.bin)).toBeLessThanOrEqual(2);
    expect(Math.abs(hits[1]!.drift - weak.drift)).toBeLessThanOrEqual(2);
    // The crossing takes some rows from it, never all.
    expect(hits[1]!.snr).toBeGreaterThan(12);
    expect(hits[1]!.snr).toBeLessThan(30);
  });

  test('SH2: tones a little more than the merge radius apart are two, within it one', () => {
    const pair = (distance: number) =>
      search([
        { bin: 400, drift: 3, snr: 60 },
        { bin: 400 + distance, drift: 3, snr: 40 },
      ]).map(({ bin }) => bin);
    expect(pair(MERGE_RADIUS + 1)).toEqual([400, 405]);
    expect(pair(MERGE_RADIUS)).toEqual([400]);
  });

  test('SH2: hits come strongest first', () => {
    const hits = search([20, 80, 40].map((snr, i) => ({ bin: 200 + 150 * i, drift: 5 - 5 * i, snr })));
    expect(hits.map(({ bin }) => bin)).toEqual([350, 500, 200]);
  });
});

describe('SH3: the noise is estimated robustly, whatever the cells are', () => {
  test('SH3: median and MAD of normal values, untouched by outliers', () => {
    const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 1e9]);
    expect(estimateNoise(values)).toEqual({ location: 5, scale: 1.4826 * 2 });
    expect(estimateNoise(Float64Array.of(1, 2, 3, 4))).toEqual({ location: 2.5, scale: 1.4826 });
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 1e9]);
  });

  test('SH3: mostly equal values fall back to the mean deviation', () => {
    expect(estimateNoise(Float64Array.of(3, 3, 3, 3, 7))).toEqual({ location: 3, scale: (1.2533 * 4) / 5 });
  });

  test('SH3: of the synthetic noise it gives the true mean and deviation of path sums', () => {
    const width = 20_000;
    const data = synthesize({ rows: ROWS, columns: width, seed: 9, tones: [] });
    const { noise } = driftSearch({ data, rows: ROWS, width }, { maxDrift: 0, threshold: 10 });
    expect(Math.abs(noise.location - ROWS)).toBeLessThan(0.2);
    expect(Math.abs(noise.scale - 2)).toBeLessThan(0.08);
  });

  test('SH3: neither the unit of power nor a constant added to it matters, to a crossing either', () => {
    const waterfall = observe([
      { bin: 400, drift: 12, snr: 200 },
      { bin: 412, drift: -12, snr: 30 },
    ]);
    const scaled = { ...waterfall, data: waterfall.data.map((cell) => cell * 4096 + 65_536) };
    const [a, b] = [driftSearch(waterfall, OPTIONS).hits, driftSearch(scaled, OPTIONS).hits];
    expect(a).toHaveLength(2);
    expect(b.map(({ bin, drift }) => [bin, drift])).toEqual(a.map(({ bin, drift }) => [bin, drift]));
    for (const i of [0, 1]) expect(b[i]!.snr).toBeCloseTo(a[i]!.snr, 1);
  });

  test('SH3: variations below the resolution of float32 are no hits, and the search ends', () => {
    // Rows of 1e7, 1e7 + 1 and 1e7 + 1: their mean is no float32, so blanked cells would stand out of so little noise.
    const data = new Float32Array(3 * WIDTH).map((_, i) => (i < WIDTH ? 1e7 : 1e7 + 1));
    data[200] = 1e7 + 1;
    expect(driftSearch({ data, rows: 3, width: WIDTH }, { maxDrift: 2, threshold: 10 }).hits).toEqual([]);
  });

  test('SH3: constant data holds no hits, and one row has but the drift 0', () => {
    const flat = { data: new Float32Array(ROWS * WIDTH).fill(3), rows: ROWS, width: WIDTH };
    expect(driftSearch(flat, OPTIONS).hits).toEqual([]);
    const row = synthesize({ rows: 1, columns: WIDTH, seed: 2, tones: [{ bin: 77, drift: 0, snr: 60 }] });
    expect(driftSearch({ data: row, rows: 1, width: WIDTH }, OPTIONS).hits).toMatchObject([{ bin: 77, drift: 0 }]);
  });
});

describe('SH4: any cells are searched, and left as they are', () => {
  test('SH4: 8 bit cells', () => {
    const { data } = observe([
      { bin: 500, drift: 9, snr: 40 },
      { bin: 100, drift: -3, snr: 30 },
    ]);
    // 40 levels to the mean, and a coarse 3.
    for (const levels of [40, 3]) {
      const bytes = Uint8Array.from(data, (cell) => Math.min(255, Math.round(cell * levels)));
      const { hits } = driftSearch({ data: bytes, rows: ROWS, width: WIDTH }, OPTIONS);
      expect(hits).toMatchObject([
        { bin: 500, drift: 9 },
        { bin: 100, drift: -3 },
      ]);
    }
  });

  test('SH4: NaN and infinite cells count as noise, even a whole row of them', () => {
    const waterfall = observe([{ bin: 500, drift: 9, snr: 60 }]);
    waterfall.data.fill(Number.NaN, 3 * WIDTH, 4 * WIDTH);
    waterfall.data[5 * WIDTH + 200] = Number.POSITIVE_INFINITY;
    waterfall.data[6 * WIDTH + 300] = Number.NEGATIVE_INFINITY;
    const { hits } = driftSearch(waterfall, OPTIONS);
    expect(hits).toMatchObject([{ bin: 500, drift: 9 }]);
    const nothing = { ...waterfall, data: new Float32Array(ROWS * WIDTH).fill(Number.NaN) };
    expect(driftSearch(nothing, OPTIONS).hits).toEqual([]);
  });

  test('SH4: the data is not changed', () => {
    const waterfall = observe([{ bin: 500, drift: 9, snr: 60 }]);
    const before = waterfall.data.slice();
    driftSearch(waterfall, OPTIONS);
    expect(waterfall.data).toEqual(before);
  });

  test('SH4: data of another size than rows x width is refused', () => {
    expect(() => driftSearch({ data: new Float32Array(10), rows: 3, width: 4 }, OPTIONS)).toThrow(RangeError);
  });

  test('SH4: progress rises to 1, once for 0 and once for every pair of drifts', () => {
    const seen: number[] = [];
    driftSearch(observe([]), { ...OPTIONS, onProgress: (done) => void seen.push(done) });
    expect(seen).toHaveLength(16);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    expect(seen.at(-1)).toBe(1);
  });
});
