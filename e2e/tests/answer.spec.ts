import type { AnswerView } from '@gossamer/protocol';
import { split } from '@gossamer/sdk/node';
import { command } from '../support/command.ts';
import { expect, test } from '../support/test.ts';
import { gather } from '../support/wait.ts';

/** Pi from random points, as a submitter writes it: its job cut by itself, its results folded on the way. */
const PI = {
  code: `
export const split = ({ units }) => ({ length: units, at: (index) => ({ index }) });
export function run({ index }, ctx) {
  let inside = 0;
  for (let i = 0; i < ctx.params.samples; i++) inside += Math.random() ** 2 + Math.random() ** 2 < 1 ? 1 : 0;
  return { inside, samples: ctx.params.samples, index };
}
export const reduce = (acc = { inside: 0, samples: 0, indices: 0 }, { inside, samples, index }) => ({
  inside: acc.inside + inside,
  samples: acc.samples + samples,
  indices: acc.indices + index,
});
export const answer = ({ inside, samples }) => ({ pi: (4 * inside) / samples });`,
};
const UNITS = 200;
const SAMPLES = 20_000;

test(
  'E33: a Monte Carlo job that splits itself answers with an interval while two tabs compute it, over kill -9',
  { tag: '@long' },
  async ({ coordinator, lend }) => {
    const params = { units: UNITS, samples: SAMPLES };
    const job = await coordinator.grid.map(split(), PI, { quorum: 2, params });
    await lend();
    await lend();
    const answers: AnswerView[] = [];
    for await (const answer of job.answers()) {
      if (answers.length === 0) {
        await coordinator.end('SIGKILL');
        await coordinator.start();
      }
      answers.push(answer);
    }
    const last = answers.at(-1)!;
    expect(last).toMatchObject({ folded: UNITS, total: UNITS, failed: 0, skipped: 0, isFinal: true });
    // Sixteen batches of 250,000 points: one in a million intervals is that far off.
    const [{ low, high }] = last.intervals as [AnswerView['intervals'][number]];
    expect(high - low).toBeLessThan(0.05);
    expect(Math.abs(Math.PI - (low + high) / 2)).toBeLessThan(3 * (high - low));
    // The same by hand, from the results themselves.
    const outputs = (await gather(job.results())).map(({ output }) => output as { inside: number; index: number });
    expect(outputs.map(({ index }) => index).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: UNITS }, (_, n) => n),
    );
    const inside = outputs.reduce((sum, output) => sum + output.inside, 0);
    expect(last.answer).toEqual({ pi: (4 * inside) / (UNITS * SAMPLES) });
    const told = await command(coordinator, 'jobs', 'answer', job.id, '--json');
    expect(JSON.parse(told.stdout)).toEqual(last);
  },
);
