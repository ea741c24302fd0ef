import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from './model/simulate.ts';
import { addTo, newTally } from './model/tally.ts';

describe('the scheduler as a whole', () => {
  it(
    'SC1: in 400 stories of honest, erring, lying and vanishing devices with crashes, every invariant holds',
    { timeout: 300_000 },
    () => {
      const sum = newTally();
      for (let seed = 1; seed <= 400; seed++) {
        try {
          addTo(sum, simulate(seed));
        } catch (error) {
          throw new Error(`seed ${seed}`, { cause: error });
        }
      }
      // The stories are about something: everything that can happen has happened many times.
      const { ringers, reopened, revoked, retries, ...often } = sum;
      for (const [what, count] of Object.entries(often)) expect(count, what).toBeGreaterThan(50);
      // These need a device that has earned trust first: they are rare in stories so short.
      expect(reopened).toBeGreaterThan(4);
      expect(revoked).toBeGreaterThan(4);
      expect(ringers).toBeGreaterThan(0);
      expect(retries).toBeGreaterThan(20);
    },
  );

  // Seeds that have failed, by what they had found.
  it.each([
    [6, 'a device was given a unit again of which its late result was there already'],
    [14, 'a unit that a late result had validated was given out as new'],
    [8, 'a unit whose result might not count was never given out again'],
    [29, 'a lease that was taken up again held a unit whose error was in the log, and left it in no queue'],
  ])('SC1: seed %i: %s', (seed) => {
    simulate(seed);
  });

  it('SC1: and in stories that nobody has told before', { timeout: 300_000 }, () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 0x7fff_ffff }), (seed) => {
        simulate(seed);
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
});
