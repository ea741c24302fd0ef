import { describe, expect, test } from 'vitest';
import { matchTones, renderHits, renderReport } from '../src/report.ts';

const tone = (bin: number, drift: number, snr: number) => ({ bin, drift, snr });

describe('SR1: injected tones and hits are matched one to one', () => {
  test('SR1: within two bins and two of drift, no further', () => {
    const near = [tone(102, 3, 29), tone(98, 7, 29), tone(100, 5, 29)];
    for (const hit of near) expect(matchTones([tone(100, 5, 30)], [hit]).found).toHaveLength(1);
    for (const hit of [tone(103, 5, 29), tone(100, 8, 29), tone(97, 5, 29), tone(100, 2, 29)]) {
      expect(matchTones([tone(100, 5, 30)], [hit])).toEqual({
        found: [],
        missed: [tone(100, 5, 30)],
        falseHits: [hit],
      });
    }
  });

  test('SR1: one hit is one tone only, and the nearest hit is taken', () => {
    const one = matchTones([tone(100, 5, 30), tone(101, 5, 20)], [tone(100, 5, 28)]);
    expect(one).toMatchObject({ found: [{ tone: { bin: 100 } }], missed: [{ bin: 101 }], falseHits: [] });
    const two = matchTones([tone(100, 5, 30)], [tone(102, 5, 28), tone(101, 5, 12)]);
    expect(two).toMatchObject({ found: [{ hit: { bin: 101 } }], falseHits: [{ bin: 102 }] });
  });

  test('SR1: nothing injected makes every hit false', () => {
    expect(matchTones([], [tone(1, 2, 30)])).toEqual({ found: [], missed: [], falseHits: [tone(1, 2, 30)] });
  });
});

describe('SR2: the report is a table in plain text', () => {
  test('SR2: found, missed and false, strongest tone first', () => {
    const report = matchTones(
      [tone(100, 5, 25), tone(123_456, -7, 60), tone(900, 0, 40)],
      [tone(123_456, -7, 59.44), tone(100, 5, 26.1), tone(5000, 3, 11)],
    );
    expect(renderReport(report).split('\n')).toEqual([
      'injected bin  drift   S/N  found bin  drift   S/N',
      '      123456     -7  60.0     123456     -7  59.4   found',
      '         900      0  40.0          -      -     -  MISSED',
      '         100     +5  25.0        100     +5  26.1   found',
      '           -      -     -       5000     +3  11.0   FALSE',
    ]);
  });

  test('SR2: hits alone', () => {
    expect(renderHits([tone(128, -2, 314.3)])).toBe('bin  drift    S/N\n128     -2  314.3');
    expect(renderHits([])).toBe('bin  drift  S/N');
  });
});
