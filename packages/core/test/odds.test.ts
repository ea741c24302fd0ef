import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Record } from '../src/trust/odds.ts';
import {
  apprenticeship,
  checkRate,
  checksToGo,
  groupRisk,
  LEAST_LIARS,
  liarShare,
  MOST_LIARS,
  wrongBound,
} from '../src/trust/odds.ts';

const probability = fc.double({ min: 0.001, max: 0.95, noNaN: true });
const target = fc.constantFrom(0.2, 0.05, 0.005, 0.001);
const liars = fc.double({ min: LEAST_LIARS, max: MOST_LIARS, noNaN: true });
const clean = (survived: number): Record => ({ survived, caught: 0 });

/** Over all worlds in which each device is right or wrong: how likely is the first group wrong, in those that can be? */
const bruteRisk = (groups: readonly (readonly number[])[]): number => {
  const flat = groups.flatMap((group, at) => group.map((p) => ({ p, at })));
  let all = 0;
  let wrong = 0;
  for (let world = 0; world < 2 ** flat.length; world++) {
    const right = groups.map(() => new Set<boolean>());
    let weight = 1;
    for (const [bit, { p, at }] of flat.entries()) {
      const isRight = (world & (1 << bit)) !== 0;
      right[at]!.add(isRight);
      weight *= isRight ? 1 - p : p;
    }
    // Equal results are right or wrong together, and two that differ are not both right.
    if (right.some((says) => says.size > 1) || right.filter((says) => says.has(true)).length > 1) continue;
    all += weight;
    if (right[0]!.has(false)) wrong += weight;
  }
  return wrong / all;
};

describe('the odds', () => {
  it('TR4: the risk of a group is that over all worlds in which its results are right or wrong together', () => {
    const groups = fc.array(fc.array(probability, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(groups, (some) => {
        expect(groupRisk(some)).toBeCloseTo(bruteRisk(some), 9);
      }),
      { numRuns: 500 },
    );
  });

  it('TR4: who agrees lowers the risk, who contradicts raises it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.45, noNaN: true }), probability, (p, q) => {
        const alone = groupRisk([[q]]);
        expect(groupRisk([[q, p]])).toBeLessThan(alone);
        expect(groupRisk([[q], [p]])).toBeGreaterThan(alone);
      }),
    );
  });

  it('TR5: before the apprenticeship is over every result is checked, then ever fewer, and never none', () => {
    fc.assert(
      fc.property(liars, target, fc.nat(5), (share, rate, caught) => {
        const needed = apprenticeship({ survived: 0, caught }, share, rate);
        expect(checkRate({ survived: Math.ceil(needed) - 1, caught }, share, rate)).toBe(1);
        let last = 1;
        for (const factor of [1.2, 1.5, 2, 3, 5]) {
          const now = checkRate({ survived: Math.ceil(needed * factor) + 1, caught }, share, rate);
          expect(now).toBeGreaterThan(0);
          expect(now).toBeLessThanOrEqual(last);
          if (last > 0.2) expect(now).toBeLessThan(last);
          last = now;
        }
      }),
    );
  });

  it('TR5: a stricter target, and more liars, want more checks', () => {
    const needed = (share: number, rate: number) => apprenticeship(clean(0), share, rate);
    expect(needed(LEAST_LIARS, 0.001)).toBeGreaterThan(needed(LEAST_LIARS, 0.005));
    expect(needed(MOST_LIARS, 0.001)).toBeGreaterThan(needed(LEAST_LIARS, 0.001));
  });

  it('TR6: a device that was caught must survive more, and more each time', () => {
    const needed = [0, 1, 2, 3].map((caught) => apprenticeship({ survived: 0, caught }, LEAST_LIARS, 0.005));
    expect(needed).toEqual([...needed].sort((a, b) => a - b));
    expect(new Set(needed).size).toBe(needed.length);
    const survived = Math.ceil(needed[0]!);
    expect(checkRate({ survived, caught: 0 }, LEAST_LIARS, 0.005)).toBe(Math.exp(1 - survived / needed[0]!));
    expect(checkRate({ survived, caught: 1 }, LEAST_LIARS, 0.005)).toBe(1);
    expect(wrongBound({ survived, caught: 1 }, LEAST_LIARS)).toBeGreaterThan(wrongBound(clean(survived), LEAST_LIARS));
  });

  it('TR7: the share of liars stays within its bounds, and grows with who is caught', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (checked, some) => {
        const caught = some % (checked + 1);
        const share = liarShare(caught, checked);
        expect(share).toBeGreaterThanOrEqual(LEAST_LIARS);
        expect(share).toBeLessThanOrEqual(MOST_LIARS);
        expect(liarShare(caught + 1, checked + 1)).toBeGreaterThanOrEqual(share);
      }),
    );
    expect(liarShare(0, 0)).toBe(LEAST_LIARS);
    expect(liarShare(1, 2)).toBeLessThan(MOST_LIARS);
    expect(liarShare(1000, 1000)).toBe(MOST_LIARS);
    expect(liarShare(200, 1000)).toBeCloseTo(0.2, 1);
  });

  it('TR8: however often a liar lies, its results are wrong and unnoticed no more often than its bound says', () => {
    fc.assert(
      fc.property(
        liars,
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (share, k, s) => {
          const bound = wrongBound(clean(k), share);
          const slips = (share / (1 - share)) * s * (1 - s) ** k;
          expect(bound).toBeLessThanOrEqual(share);
          if (bound < share) expect(slips).toBeLessThanOrEqual(bound + 1e-12);
        },
      ),
    );
    expect(wrongBound(clean(0), 0.2)).toBe(0.2);
  });

  it('TR9: results are final later than a device is first trusted, and each survived check brings that nearer', () => {
    fc.assert(
      fc.property(liars, target, fc.nat(3), (share, rate, caught) => {
        const record = { survived: 0, caught };
        const first = checksToGo(record, share, rate);
        expect(first).toBeGreaterThanOrEqual(apprenticeship(record, share, rate));
        expect(checksToGo({ survived: 1, caught }, share, rate)).toBe(first - 1);
        expect(checksToGo({ survived: first, caught }, share, rate)).toBe(0);
        expect(checksToGo({ survived: first + 7, caught }, share, rate)).toBe(0);
      }),
    );
  });
});
