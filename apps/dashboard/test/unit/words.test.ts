import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ago, list, percent, plural, rate, shortId, span } from '../../src/words.ts';

test('DW1: a percentage is rounded down, so that 100% means all', () => {
  expect(percent(999_999, 1_000_000)).toBe('99%');
  expect(percent(0, 0)).toBe('0%');
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      const [part, whole] = [Math.min(a, b), Math.max(a, b)];
      expect(percent(part, whole) === '100%').toBe(whole > 0 && part === whole);
    }),
  );
});

test('DW2: a rate that is not zero is never shown as zero', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), (value) => {
      expect(rate(value)).not.toBe('0');
    }),
  );
  expect([0, 0.25, 3.14, 42.4, 1234.5].map(rate)).toEqual(['0', '0.25', '3.1', '42', '1,235']);
});

test('DW3: times are told in one unit that fits them', () => {
  expect([340, 42_000, 600_000, 7_200_000, 3 * 86_400_000].map(span)).toEqual([
    '340 ms',
    '42 s',
    '10 min',
    '2 h',
    '3 days',
  ]);
  expect(ago(1000, 3000)).toBe('just now');
  expect(ago(0, 60_000)).toBe('60 s ago');
});

test('DW4: counts and lists are English', () => {
  expect([plural(0, 'unit'), plural(1, 'unit'), plural(1200, 'unit')]).toEqual(['0 units', '1 unit', '1,200 units']);
  expect([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])]).toEqual(['', 'a', 'a and b', 'a, b and c']);
});

test('DW5: a shortened id keeps its kind and its random end', () => {
  expect(shortId('dev_01890000-0000-7000-8000-0123456789ab')).toBe('dev_…6789ab');
});
