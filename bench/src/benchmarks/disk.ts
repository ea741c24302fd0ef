import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { benchmark } from '../cli/benchmark.ts';
import { checkLog } from '../check/log.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { submit } from '../load/job.ts';
import { prefill } from '../load/prefill.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';

/** Compaction has come to its end when it did nothing for so long, ms. */
const STILL_MS = 4000;

/** Segments that were made compact since the start. */
const compacted = async (port: number): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(/^gossamer_segments_compacted_total (\d+)$/m.exec(text)?.[1]);
};

/** What a result takes on disk beyond its own bytes, before and after its job's log was made compact. */
export const disk = benchmark({
  name: 'disk',
  about: "bytes on disk beyond a result's own, as it was written and after compaction",
  options: {
    units: { about: 'results of the job', value: 1_000_000, least: 1000, most: 100_000_000 },
    batch: { about: 'results a segment', value: 64, least: 1, most: 4096 },
    bytes: { about: 'size of a result, pseudo-random', value: 64, least: 4, most: 65_536 },
  },
  async run({ units, batch, bytes }, { say, execArgv }) {
    const coordinator = await Coordinator.start({ execArgv });
    const size = async (): Promise<number> => (await stat(join(coordinator.data, 'log.db'))).size;
    try {
      await submit(coordinator.grid, { units, policy: { kind: 'trusted' } });
      await coordinator.end('SIGKILL');
      await prefill(coordinator.data, 1, { units, batch, bytes, quorum: 1 });
      const before = await size();
      say(`${units} results are written`);
      await coordinator.start();
      const cpuBefore = await coordinator.cpuMicros();
      const began = performance.now();
      let segments = 0;
      for (let last = began; performance.now() - last < STILL_MS; await wait(200)) {
        const now = await compacted(coordinator.port);
        if (now > segments) last = performance.now();
        segments = now;
      }
      const elapsed = performance.now() - began - STILL_MS;
      const cpu = (await coordinator.cpuMicros()) - cpuBefore;
      await coordinator.end('SIGTERM');
      const after = await size();
      const found = await checkLog(coordinator.data, 1, bytes);
      return {
        units,
        batch,
        bytes,
        beyondBefore: round(before / units - bytes),
        beyondAfter: round(after / units - bytes),
        segments,
        seconds: round(elapsed / 1000),
        cpuMicrosPerResult: round(cpu / units),
        checked: segments > 0 && found.validated === units && found.wrong === 0 && found.twice === 0,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}, { units: 100_000, batch: 1 }],
  columns: [
    ['units', 'results'],
    ['batch', 'results a segment'],
    ['bytes', 'bytes a result'],
    ['beyondBefore', 'on disk beyond it, bytes'],
    ['beyondAfter', 'after compaction, bytes'],
    ['seconds', 'compaction, s'],
    ['cpuMicrosPerResult', 'its CPU a result, µs'],
    ['checked', 'checked'],
  ],
});
