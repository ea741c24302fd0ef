import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { bandAt, cutBand } from '../src/band.ts';
import { colourOf, colourTable } from '../src/colour-map.ts';
import type { SetiParams, SetiResult } from '../src/program.ts';
import { run } from '../src/program.ts';
import { synthesize } from '../src/synthesize.ts';
import { waterfallPicture } from '../src/waterfall-picture.ts';
import { paramsFor, recordingContext, runBand } from './bands.ts';

const SHAPE = { rows: 16, columns: 2000 };
const TONES = [
  { bin: 300, drift: 10, snr: 50 },
  { bin: 330, drift: -8, snr: 30 },
  { bin: 1500, drift: 0, snr: 40 },
];
const DATA = synthesize({ ...SHAPE, seed: 3, tones: TONES });
const { params } = paramsFor(DATA, SHAPE);
const BAND = Math.floor(300 / params.width);

async function bundle(): Promise<string> {
  const entry = new URL('../src/program.ts', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [entry.pathname],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
  });
  return outputFiles[0]!.text;
}

describe('SP1: the program searches its band and returns the hits of its core', () => {
  test('SP1: bins are absolute, hits strongest first, ratios rounded', () => {
    const { result } = runBand(DATA, params, BAND);
    expect(Object.keys(result)).toEqual(['hits']);
    expect(result.hits.map(({ bin, drift }) => [bin, drift])).toEqual([
      [300, 10],
      [330, -8],
    ]);
    for (const { snr } of result.hits) expect(Number(snr.toFixed(2))).toBe(snr);
  });

  test('SP1: a tone that starts beside the core is left to its own band', () => {
    const core = bandAt(params, BAND);
    const beside = { bin: core.coreEnd, drift: -10, snr: 60 };
    const data = synthesize({ ...SHAPE, seed: 3, tones: [beside] });
    expect(runBand(data, params, BAND).result.hits).toEqual([]);
    expect(runBand(data, params, BAND + 1).result.hits).toMatchObject([{ bin: core.coreEnd, drift: -10 }]);
  });

  test('SP1: 8 bit cells', () => {
    const bytes = Uint8Array.from(DATA, (cell) => Math.min(255, Math.round(cell * 30)));
    const { result } = runBand(bytes, { ...params, cellBytes: 1 }, BAND);
    expect(result.hits).toMatchObject([
      { bin: 300, drift: 10 },
      { bin: 330, drift: -8 },
    ]);
  });

  test('SP1: input or parameters that do not fit are refused in words', () => {
    const { ctx } = recordingContext(params, 1);
    expect(() => run(new ArrayBuffer(12), ctx)).toThrow(/is 12 bytes/);
    expect(() => run({} as ArrayBuffer, ctx)).toThrow(/is no bytes/);
    expect(() => runBand(DATA, params, 99)).toThrow(/no band 99/);
    expect(() => runBand(DATA, { ...params, overlap: 10 }, 1)).toThrow(/overlap of 10 is too small/);
  });
});

describe('SP2: the program shows what it does', () => {
  test('SP2: progress to 1, a line, the waterfall before and with its hits', () => {
    const { seen } = runBand(DATA, params, BAND);
    expect(seen.progress.at(-1)).toBe(1);
    expect(seen.progress.length).toBeGreaterThan(4);
    expect(seen.log).toHaveLength(1);
    expect(seen.log[0]).toMatch(/channels \d+ to \d+: 2 hits/);
    expect(seen.pictures).toHaveLength(2);
    for (const { width, height, rgba } of seen.pictures) {
      expect([width, height, rgba.length]).toEqual([512, 256, 512 * 256 * 4]);
    }
    expect(seen.pictures[0]!.rgba).not.toEqual(seen.pictures[1]!.rgba);
  });

  test('SP2: a band without hits has one picture', () => {
    const { seen } = runBand(synthesize({ ...SHAPE, seed: 3, tones: [] }), params, 2);
    expect(seen.pictures).toHaveLength(1);
    expect(seen.log[0]).toMatch(/: 0 hits/);
  });
});

describe('SP3: the waterfall picture', () => {
  const quiet = new Float32Array(16 * 5000).map((_, i) => 1 + (i % 11) / 100);
  const luminance = (rgba: Picture['rgba'], x: number, y: number) => {
    const at = (y * 512 + x) * 4;
    return 0.2126 * rgba[at]! + 0.7152 * rgba[at + 1]! + 0.0722 * rgba[at + 2]!;
  };
  type Picture = ReturnType<typeof waterfallPicture>;

  test('SP3: one loud cell among ten a pixel is seen, at its place and its row', () => {
    const data = quiet.slice();
    data[4 * 5000 + 2503] = 50;
    const { rgba } = waterfallPicture({ data, rows: 16, width: 5000 }, []);
    const x = Math.floor((2503 * 512) / 5000);
    const bright = [];
    for (let y = 0; y < 256; y++) if (luminance(rgba, x, y) > 200) bright.push(y);
    expect(bright).toEqual(Array.from({ length: 16 }, (_, i) => 64 + i));
    expect(luminance(rgba, x - 3, 70)).toBeLessThan(100);
  });

  test('SP3: a hit is marked, and enlarged below', () => {
    const data = quiet.slice();
    for (let t = 0; t < 16; t++) data[t * 5000 + 2500 + t] = 50;
    const { rgba } = waterfallPicture({ data, rows: 16, width: 5000 }, [{ bin: 2500, drift: 15 }]);
    const brightIn = (y: number) => {
      const xs = [];
      for (let x = 0; x < 512; x++) if (luminance(rgba, x, y) > 225) xs.push(x);
      return xs;
    };
    // 64 columns on 512 pixels: a bin is 8 pixels, and 15 bins of drift 120.
    const [first, last] = [brightIn(131), brightIn(255)];
    expect(first).toHaveLength(8);
    expect(last[0]! - first[0]!).toBe(120);
    const marked = Array.from({ length: 512 }, (_, x) => 133 * 512 * 4 + x * 4).filter(
      (at) => rgba[at] === 120 && rgba[at + 1] === 235 && rgba[at + 2] === 255,
    );
    expect(marked).toHaveLength(2);
  });

  test('SP3: narrow, tall, flat and broken data make pictures too', () => {
    for (const [data, rows, width] of [
      [new Uint8Array(16 * 7).fill(9), 16, 7],
      [new Float32Array(1000 * 3).fill(Number.NaN), 1000, 3],
      [new Float32Array([1, Number.POSITIVE_INFINITY, Number.NaN, -5]), 2, 2],
    ] as const) {
      const { rgba } = waterfallPicture({ data, rows, width }, [{ bin: 1, drift: 0 }]);
      expect(rgba.filter((_, i) => i % 4 === 3).every((alpha) => alpha === 255)).toBe(true);
    }
  });

  test('SP3: brightness rises with the value all along the colour map', () => {
    const table = colourTable();
    const light = Array.from(
      { length: 256 },
      (_, i) => 0.2126 * table[3 * i]! + 0.7152 * table[3 * i + 1]! + 0.0722 * table[3 * i + 2]!,
    );
    for (let i = 1; i < 256; i++) expect(light[i]!).toBeGreaterThanOrEqual(light[i - 1]!);
    expect(light[255]! - light[0]!).toBeGreaterThan(200);
    expect(colourOf(-1)).toEqual(colourOf(0));
    expect(colourOf(2)).toEqual(colourOf(1));
  });
});

describe('SP4: the program is one self-contained module, and replicas agree byte by byte', () => {
  test('SP4: no imports, no clock, no chance, one export', async () => {
    const code = await bundle();
    expect(code).not.toMatch(/\bimport\b|\brequire\s*\(/);
    expect(code).not.toMatch(/Date|performance|Math\.random|crypto|process\.|Buffer\./);
    expect(code.match(/export\s*\{[^}]*\}/g)?.map((text) => text.replaceAll(/\s/g, ''))).toEqual(['export{run}']);
  });

  test('SP4: the bundle gives the same bytes as the source', async () => {
    const url = `data:text/javascript;base64,${Buffer.from(await bundle()).toString('base64')}`;
    const module = (await import(/* @vite-ignore */ url)) as {
      run(input: ArrayBuffer, ctx: { params: SetiParams }): SetiResult;
    };
    for (const index of [0, BAND, 3]) {
      const slice = cutBand(new Uint8Array(DATA.buffer), params, bandAt(params, index));
      const bundled = module.run(slice.buffer, recordingContext(params, index).ctx);
      expect(JSON.stringify(bundled)).toBe(JSON.stringify(runBand(DATA, params, index).result));
    }
  });
});
