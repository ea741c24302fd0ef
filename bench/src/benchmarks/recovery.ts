import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { submit } from '../load/job.ts';
import { prefill } from '../load/prefill.ts';
import { round } from '../measure/round.ts';

/** The time from the start after a crash until everything is served again, by the number of results in the log. */
export const recovery = benchmark({
  name: 'recovery',
  about: 'the start after a crash: the time until work is given out again, by the results in the log',
  options: {
    units: { about: 'results in the log of one job', value: 10_000_000, least: 1, most: 100_000_000 },
    jobs: { about: 'further jobs of 1000 units, without results', value: 0, least: 0, most: 10_000 },
    batch: { about: 'results a segment', value: 64, least: 1, most: 4096 },
    bytes: { about: 'size of a result', value: 64, least: 4, most: 65_536 },
    quorum: { about: 'results that agreed', value: 1, least: 1, most: 5 },
  },
  async run({ units, jobs, batch, bytes, quorum }, { say, execArgv }) {
    const coordinator = await Coordinator.start({ execArgv });
    try {
      const policy = quorum === 1 ? ({ kind: 'trusted' } as const) : ({ kind: 'quorum', quorum } as const);
      const job = await submit(coordinator.grid, { units: units + 1, policy });
      for (let n = 0; n < jobs; n++) await submit(coordinator.grid, { units: 1000, policy }, `job ${n}`);
      await coordinator.end('SIGKILL');
      say(`${units} results are written`);
      await prefill(coordinator.data, 1, { units, batch, bytes, quorum });
      const file = await stat(join(coordinator.data, 'log.db'));
      const readyMs = await coordinator.start();
      const cpu = await coordinator.cpuMicros();
      const memory = await coordinator.residentBytes();
      const { units: counts } = await coordinator.grid.jobs.get(job.id).view();
      return {
        units,
        jobs,
        batch,
        bytes,
        quorum,
        readySeconds: round(readyMs / 1000),
        cpuSeconds: round(cpu / 1_000_000),
        residentMb: Math.round(memory.now / 2 ** 20),
        peakMb: Math.round(memory.peak / 2 ** 20),
        diskBytesPerResult: round(file.size / (units * quorum)),
        overheadBytesPerResult: round(file.size / (units * quorum) - bytes),
        checked: counts.validated >= units,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{ units: 1_000_000 }, {}, { units: 100_000, jobs: 1000 }],
  columns: [
    ['units', 'results'],
    ['jobs', 'further jobs'],
    ['readySeconds', 'ready after, s'],
    ['cpuSeconds', 'CPU, s'],
    ['residentMb', 'memory, MB'],
    ['peakMb', 'peak, MB'],
    ['overheadBytesPerResult', 'disk beyond a result, bytes'],
  ],
});
