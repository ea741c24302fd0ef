import type { AnswerView } from '@gossamer/protocol';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Crowd } from '../load/crowd.ts';
import { Histogram } from '../measure/histogram.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';

/** A result is the unit's index and a number that follows from it, 4 bytes each: their mean is near 1/2. */
const BYTES = 8;
const PROGRAM = `
export const run = () => new Uint8Array(${BYTES});
export const reduce = (acc = { count: 0, indices: 0, sum: 0 }, result) => {
  const view = new DataView(result.buffer ?? result);
  return {
    count: acc.count + 1,
    indices: acc.indices + view.getUint32(0, true),
    sum: acc.sum + view.getUint32(4, true) / 2 ** 32,
  };
};
export const answer = ({ count, indices, sum }) => ({ mean: sum / count, indices: indices / count });
`;
/** How often the answer is asked for while the job runs, ms. */
const ASK_MS = 250;

/** A job that answers with one small object while it runs: what that costs, and how far behind its results the answer is. */
export const reduce = benchmark({
  name: 'reduce',
  about: 'results that are folded as they come: the answer while a job runs, and how soon after its end it is final',
  options: {
    units: { about: 'units of the job', value: 1_000_000, least: 1000, most: 100_000_000 },
    clients: { about: 'devices', value: 16, least: 1, most: 1000 },
    batch: { about: 'units a message', value: 64, least: 1, most: 4096 },
  },
  async run({ units, clients, batch }, { say, execArgv }) {
    const settings = { GOSSAMER_LEASE_UNITS: String(batch) };
    const coordinator = await Coordinator.start({ settings, execArgv });
    try {
      const { sha256 } = await coordinator.grid.upload({ code: PROGRAM });
      const source = { kind: 'range' as const, start: 0, stop: units };
      const job = await coordinator.grid.jobs.create({
        name: 'reduce',
        program: sha256,
        source,
        policy: { kind: 'trusted' },
      });
      const cpuBefore = await coordinator.cpuMicros();
      const began = performance.now();
      const crowd = await Crowd.join(coordinator.port, clients, { bytes: BYTES, runMs: 0 });
      const asks = new Histogram();
      let answers = 0;
      let mostBehind = 0;
      let doneAt: number | null = null;
      let last: AnswerView | null = null;
      while (last?.isFinal !== true) {
        const asked = performance.now();
        last = (await job.answer()) as AnswerView;
        asks.add(performance.now() - asked);
        const view = await job.view();
        answers += 1;
        mostBehind = Math.max(mostBehind, view.units.validated - last.folded);
        if (doneAt === null && view.state === 'completed') {
          doneAt = performance.now();
          say(`all ${units} units are computed, ${last.folded} are folded`);
        }
        await wait(ASK_MS);
      }
      const finalAt = performance.now();
      const cpu = (await coordinator.cpuMicros()) - cpuBefore;
      await crowd.leave();
      const memory = await coordinator.residentBytes();
      const { mean, indices } = last.answer as { mean: number; indices: number };
      const interval = last.intervals.find(({ path }) => path === '/mean');
      return {
        units,
        clients,
        batch,
        unitsPerSecond: Math.round(units / (((doneAt ?? finalAt) - began) / 1000)),
        cpuMicrosPerUnit: round(cpu / units),
        answers,
        answerP50Ms: round(asks.quantile(0.5)),
        answerP99Ms: round(asks.quantile(0.99)),
        mostBehind,
        finalAfterSeconds: round((finalAt - (doneAt ?? finalAt)) / 1000),
        mean,
        halfWidthPpm: interval === undefined ? null : Math.round(((interval.high - interval.low) / 2) * 1e6),
        peakMb: Math.round(memory.peak / 2 ** 20),
        // Each unit once: the mean of all indices is exact.
        checked: last.folded === units && indices === (units - 1) / 2 && Math.abs(mean - 0.5) < 0.01,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}],
  columns: [
    ['units', 'units'],
    ['unitsPerSecond', 'units/s'],
    ['cpuMicrosPerUnit', "coordinator's CPU a unit, µs"],
    ['answerP50Ms', 'answer p50, ms'],
    ['answerP99Ms', 'answer p99, ms'],
    ['mostBehind', 'results behind, at most'],
    ['finalAfterSeconds', 'final after the end, s'],
    ['mean', 'mean'],
    ['halfWidthPpm', 'half of its interval, millionths'],
    ['peakMb', 'peak, MB'],
    ['checked', 'checked'],
  ],
});
