import { ENCODING, type Payload, utf8 } from '@gossamer/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Tolerance, withinTolerance } from '../src/compare/tolerance.ts';

const text = (body: string): Payload => ({ encoding: ENCODING.json, body: utf8(body) });
const json = (value: unknown): Payload => text(JSON.stringify(value));
const bytes = (body: Uint8Array): Payload => ({ encoding: ENCODING.bytes, body });
const floats32 = (...values: number[]): Payload => bytes(new Uint8Array(new Float32Array(values).buffer));
const floats64 = (...values: number[]): Payload => bytes(new Uint8Array(new Float64Array(values).buffer));
const by = (absolute: number, relative = 0, read: Tolerance['read'] = 'json'): Tolerance => ({
  absolute,
  relative,
  read,
});

/** The same rule, written by recursion on what JSON gives. */
const naive = (a: unknown, b: unknown, t: Tolerance): boolean => {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= Math.max(t.absolute, t.relative * Math.abs(a), t.relative * Math.abs(b));
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return false;
    return a.length === b.length && a.every((item, i) => naive(item, b[i], t));
  }
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
    return left.size === right.size && [...left].every(([k, v]) => right.has(k) && naive(v, right.get(k), t));
  }
  return a === b;
};

const bound = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 2, noNaN: true }));
const jsonTolerance = fc.record({ absolute: bound, relative: bound, read: fc.constant('json' as const) });
const anyTolerance = fc.record({
  absolute: bound,
  relative: bound,
  read: fc.constantFrom('json' as const, 'float32' as const, 'float64' as const),
});
/** Small trees of few shapes and few numbers, so that two of them are often nearly the same. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(0, 1, 1.25, -1, 2, 'a', null, true),
    fc.array(tie('tree'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), tie('tree'), { maxKeys: 2 }),
  ),
}));
const payload = fc.oneof(
  tree.map(json),
  fc.uint8Array({ maxLength: 16 }).map(bytes),
  fc.uint8Array({ maxLength: 16 }).map((body) => ({ encoding: ENCODING.json, body })),
  fc.array(fc.constantFrom(0, -0, 1, 1.25, NaN, Infinity, -Infinity), { maxLength: 2 }).map((v) => floats32(...v)),
);

describe('withinTolerance', () => {
  it('TO1: a result is equal to itself, whatever it is', () => {
    fc.assert(
      fc.property(payload, anyTolerance, (a, t) => {
        const copy = { encoding: a.encoding, body: a.body.slice() };
        return withinTolerance(a, copy, t);
      }),
    );
  });

  it('TO1: the order of two results is no matter', () => {
    fc.assert(
      fc.property(payload, payload, anyTolerance, (a, b, t) => withinTolerance(a, b, t) === withinTolerance(b, a, t)),
      { numRuns: 2000 },
    );
  });

  it('TO2: JSON is compared as its definition says, in both verdicts', () => {
    const seen = new Set<boolean>();
    fc.assert(
      fc.property(tree, tree, jsonTolerance, (a, b, t) => {
        const [left, right] = [json(a), json(b)];
        const same = withinTolerance(left, right, t);
        seen.add(same);
        const parse = ({ body }: Payload): unknown => JSON.parse(new TextDecoder().decode(body));
        return same === naive(parse(left), parse(right), t);
      }),
      { numRuns: 3000 },
    );
    expect(seen.size).toBe(2);
  });

  it.each([
    ['an absolute bound, reached', [1, 1.5], by(0.5), true],
    ['an absolute bound, passed', [1, 1.5000001], by(0.5), false],
    ['a relative bound, of the larger number', [90, 100], by(0, 0.1), true],
    ['a relative bound, passed', [89, 100], by(0, 0.1), false],
    ['the larger one of two bounds', [0, 1e-9], by(1e-8, 1e-3), true],
    ['numbers of both signs', [-1, 1], by(1, 1), false],
  ])('TO2: %s', (_, [a, b], tolerance, same) => {
    expect(withinTolerance(json({ x: [a] }), json({ x: [b] }), tolerance)).toBe(same);
  });

  it.each([
    ['key order', '{"a":1,"b":[2]}', '{"b":[2.1],"a":1}', true],
    ['blanks and spelling', '[1.0, "\\u0061"]', '[1e0,"a"]', true],
    ['a missing key', '{"a":1}', '{}', false],
    ['another key', '{"a":1}', '{"b":1}', false],
    ['an inherited key', '{"toString":1}', '{"b":1}', false],
    ['a key that would be a prototype', '{"__proto__":1}', '{"__proto__":9}', false],
    ['an array for an object', '[1]', '{"0":1}', false],
    ['another length', '[1]', '[1,1]', false],
    ['a number for its text', '1', '"1"', false],
    ['null for an object', 'null', '{}', false],
    ['text that is nearly the same', '"1.0"', '"1.1"', false],
    ['numbers beyond the largest', '1e999', '2e999', true],
    ['infinities of both signs', '1e999', '-1e999', false],
  ])('TO2: of JSON, %s', (_, a, b, same) => {
    expect(withinTolerance(text(a), text(b), by(0.2))).toBe(same);
  });

  it('TO3: what is no JSON is equal to the same bytes only', () => {
    const broken = text('[1');
    expect(withinTolerance(broken, text('[1'), by(9))).toBe(true);
    expect(withinTolerance(broken, text('[1 '), by(9))).toBe(false);
    expect(withinTolerance(broken, json([1]), by(9))).toBe(false);
    const noText = (byte: number): Payload => ({ encoding: ENCODING.json, body: Uint8Array.of(0x22, byte, 0x22) });
    expect(withinTolerance(noText(0xff), noText(0xfe), by(9))).toBe(false);
    expect(withinTolerance(noText(0xff), noText(0xff), by(9))).toBe(true);
  });

  it('TO3: another encoding is another result, and bytes are no JSON', () => {
    const { body } = json([1]);
    expect(withinTolerance(json([1]), bytes(body), by(9))).toBe(false);
    expect(withinTolerance(bytes(body), bytes(json([2]).body), by(9))).toBe(false);
    expect(withinTolerance(bytes(body), bytes(body.slice()), by(9))).toBe(true);
    expect(withinTolerance(text('1234'), text('1235'), by(1e300, 0, 'float32'))).toBe(false);
  });

  it('TO4: JSON of a thousand levels is compared, and deeper JSON is equal to the same bytes only', () => {
    const nested = (core: string, levels: number) => text('['.repeat(levels) + core + ']'.repeat(levels));
    expect(withinTolerance(nested('1', 1000), nested('1.1', 1000), by(0.2))).toBe(true);
    expect(withinTolerance(nested('1', 1000), nested('1.5', 1000), by(0.2))).toBe(false);
    expect(withinTolerance(nested('{"a":1}', 1000), nested('{"a":1.1}', 1000), by(0.2))).toBe(false);
    expect(withinTolerance(nested('1', 1001), nested('1.1', 1001), by(0.2))).toBe(false);
    expect(withinTolerance(nested('1', 500_000), nested('1', 500_000), by(0.2))).toBe(true);
    const wide = (core: number) => json([...Array.from({ length: 1001 }, () => [{}, '\\"[{']), core]);
    expect(withinTolerance(wide(1), wide(1.1), by(0.2))).toBe(true);
  });

  it.each([
    ['float32' as const, floats32],
    ['float64' as const, floats64],
  ])('TO5: %s are little-endian numbers', (read, floats) => {
    const near = by(0.25, 0, read);
    expect(withinTolerance(floats(1, 2), floats(1.25, 1.75), near)).toBe(true);
    expect(withinTolerance(floats(1, 2), floats(1, 2.5), near)).toBe(false);
    expect(withinTolerance(floats(0, NaN, Infinity, -Infinity), floats(-0, NaN, Infinity, -Infinity), near)).toBe(true);
    for (const [a, b] of [
      [NaN, 0],
      [Infinity, -Infinity],
      [Infinity, 1e30],
    ] as const) {
      expect(withinTolerance(floats(a), floats(b), by(1e300, 9, read))).toBe(false);
    }
  });

  it('TO5: every NaN is equal to every other one', () => {
    const nan = (...body: number[]): Payload => bytes(Uint8Array.from(body));
    expect(withinTolerance(nan(0, 0, 0xc0, 0x7f), nan(1, 0, 0xc0, 0xff), by(0.1, 0, 'float32'))).toBe(true);
  });

  it('TO5: floats are read wherever they lie in their buffer', () => {
    const shifted = new Uint8Array([9, ...floats64(1.1).body, 9]).subarray(1, 9);
    expect(withinTolerance(bytes(shifted), floats64(1), by(0.2, 0, 'float64'))).toBe(true);
  });

  it('TO6: floats of another or a broken length are equal to the same bytes only', () => {
    const odd = (last: number): Payload => bytes(Uint8Array.of(0, 0, 0, 0, last));
    expect(withinTolerance(odd(1), odd(2), by(9, 9, 'float32'))).toBe(false);
    expect(withinTolerance(odd(1), odd(1), by(9, 9, 'float32'))).toBe(true);
    expect(withinTolerance(floats32(1), floats32(1, 1), by(9, 9, 'float32'))).toBe(false);
    expect(withinTolerance(floats32(1), floats32(2), by(9, 9, 'float64'))).toBe(false);
  });
});
