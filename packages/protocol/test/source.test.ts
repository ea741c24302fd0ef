import { describe, expect, it } from 'vitest';
import { LIMITS, Source } from '../src/index.ts';

const blob = '0c'.repeat(32);
const bands = { kind: 'bands', blob, rows: 16, columns: 1024, cellBytes: 4, width: 64 };

const fits = (source: unknown): boolean => Source.safeParse(source).success;

describe('sources', () => {
  it('PO1: each kind is read, with its defaults', () => {
    expect(Source.parse({ kind: 'range', start: -5, stop: 5 })).toMatchObject({ step: 1 });
    expect(Source.parse({ kind: 'records', blob, bytes: 100 })).toMatchObject({ offset: 0, overlap: 0 });
    expect(Source.parse(bands)).toMatchObject({ offset: 0, overlap: 0 });
    expect(Source.parse({ kind: 'csv', blob })).toMatchObject({ delimiter: ',', header: true, numbers: true });
    expect(Source.parse({ kind: 'product', axes: { a: { start: 0, stop: 2 }, b: [null] } })).toMatchObject({
      axes: { a: { step: 1 } },
    });
    expect(fits({ kind: 'lines', blob, format: 'ndjson' })).toBe(true);
    expect(fits({ kind: 'list', items: [1, 'a', { b: [null] }] })).toBe(true);
  });

  it('PO2: a kind that is none, a missing field and an unknown one are refused', () => {
    expect(fits({ kind: 'cartesian' })).toBe(false);
    expect(fits({ kind: 'product' })).toBe(false);
    expect(fits({ kind: 'product', axes: {} })).toBe(false);
    expect(fits({ kind: 'product', axes: { a: [] } })).toBe(false);
    for (const delimiter of ['', ',,', '\n', '"']) expect(fits({ kind: 'csv', blob, delimiter })).toBe(false);
    expect(fits({ start: 0, stop: 5 })).toBe(false);
    expect(fits({ kind: 'range', start: 0 })).toBe(false);
    expect(fits({ kind: 'lines', blob, format: 'csv' })).toBe(false);
    expect(fits({ kind: 'lines', blob, format: 'text', header: true })).toBe(false);
    expect(fits({ ...bands, overlaps: 3 })).toBe(false);
  });

  it('PO3: sizes and counts are integers within their limits', () => {
    expect(fits({ kind: 'range', start: 0, stop: 5, step: 0 })).toBe(false);
    expect(fits({ kind: 'range', start: 0.5, stop: 5 })).toBe(false);
    expect(fits({ kind: 'range', start: 0, stop: 2 ** 60 })).toBe(false);
    for (const bytes of [0, -1, 1.5, LIMITS.units + 1]) expect(fits({ kind: 'records', blob, bytes })).toBe(false);
    expect(fits({ kind: 'records', blob, bytes: 10, overlap: -1 })).toBe(false);
    for (const field of ['rows', 'columns', 'cellBytes', 'width']) expect(fits({ ...bands, [field]: 0 })).toBe(false);
    expect(fits({ ...bands, cellBytes: 65 })).toBe(false);
    expect(fits({ ...bands, offset: -1 })).toBe(false);
  });

  it('PO4: a list of more items than allowed is refused; one at the limit is read', () => {
    expect(fits({ kind: 'list', items: Array.from({ length: LIMITS.listItems }, () => 0) })).toBe(true);
    expect(fits({ kind: 'list', items: Array.from({ length: LIMITS.listItems + 1 }, () => 0) })).toBe(false);
    expect(fits({ kind: 'list', items: [undefined] })).toBe(false);
    const axes = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}`, [at]]));
    expect(fits({ kind: 'product', axes: axes(LIMITS.axes) })).toBe(true);
    expect(fits({ kind: 'product', axes: axes(LIMITS.axes + 1) })).toBe(false);
  });
});
