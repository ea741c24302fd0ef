import { type Flag, UsageError, runExample } from '@gossamer/harness';
import { split } from '@gossamer/sdk/node';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../src/program.ts', import.meta.url));
const POINTS = 200_000;

const units: Flag<number> = {
  hint: '300',
  about: `units of ${POINTS} points each, from 100 to 1000000 (default: 300)`,
  value: 300,
  read: (text, name) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 100 && value <= 1_000_000) return value;
    throw new UsageError(`--${name} must be a whole number from 100 to 1000000: ${text}`);
  },
};

await runExample({
  name: 'pi',
  about: 'Estimates pi from random points; results are folded as they come, and answer with an error bar.',
  quorum: 2,
  flags: { units },
  run: async ({ grid, say }, { units: total }) => {
    const params = { points: POINTS, units: total };
    const job = await grid.map(split(), PROGRAM, { name: 'Pi from random points', quorum: 2, params });
    let [pi, low, high] = [0, 0, 0];
    for await (const { answer, intervals, folded } of job.answers()) {
      const [interval] = intervals;
      if (interval === undefined) continue;
      ({ pi } = answer as { pi: number });
      ({ low, high } = interval);
      say(
        `${pi.toFixed(6)}, between ${low.toFixed(6)} and ${high.toFixed(6)} (95 %), from ${folded} of ${total} units`,
      );
    }
    // Chance begins with each unit's seed, so the same job comes to the same answer.
    const isWithin = low <= Math.PI && Math.PI <= high;
    return {
      answer: { pi: pi.toFixed(2), isWithin },
      expected: { pi: Math.PI.toFixed(2), isWithin: true },
      units: total,
    };
  },
});
