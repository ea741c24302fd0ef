import { expect, it } from 'vitest';
import { simulate } from './model/simulate.ts';
import { addTo, newTally } from './model/tally.ts';

const STORIES = Math.ceil(Number(process.env['GOSSAMER_SEQUENCES'] ?? 10_000) / 50);
const FIRST = 700_000;

it(
  'IT6: in stories in which inputs come bit by bit every invariant holds, and all that came is computed',
  { timeout: 600_000 },
  () => {
    const sum = newTally();
    let appended = 0;
    for (let seed = FIRST; seed < FIRST + STORIES; seed++) {
      try {
        const world = simulate(seed, 40, true);
        addTo(sum, world);
        for (const job of world.jobs) appended += world.grid.kinds(job).filter((kind) => kind === 'appended').length;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    expect(appended).toBeGreaterThan(STORIES);
    expect(sum.validated).toBeGreaterThan(STORIES);
    expect(sum.caught + sum.reopened).toBeGreaterThan(0);
  },
);
