import { LIMITS } from '@gossamer/protocol';
import { checkLog } from '../check/log.ts';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Crowd } from '../load/crowd.ts';
import { submit } from '../load/job.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';

/** Time before the measurement, for devices to be measured and code to be compiled, ms. */
const WARM_UP_MS = 3000;
/** More than any machine does in a run: the job must not end before it. */
const UNITS_A_SECOND = 1_000_000;

/** How results are kept, in words. */
export const DURABILITY = 'fsync before each acknowledgement (SQLite WAL, synchronous=FULL)';

/** Durable units a second through real sockets, with what each costs the coordinator. */
export const hotpath = benchmark({
  name: 'hotpath',
  about: 'durable units a second through real sockets, and the CPU time that each costs',
  options: {
    batch: { about: 'units a message', value: 64, least: 1, most: 4096 },
    quorum: { about: 'results that must agree; 1: the first one stands', value: 1, least: 1, most: 5 },
    clients: { about: 'devices', value: 32, least: 1, most: 10_000 },
    bytes: { about: 'size of a result', value: 64, least: 4, most: LIMITS.result },
    jobs: { about: 'jobs at once', value: 1, least: 1, most: 10_000 },
    seconds: { about: 'length of the measurement', value: 10, least: 1, most: 600 },
  },
  async run({ batch, quorum, clients, bytes, jobs, seconds }, { execArgv }) {
    const settings = { GOSSAMER_LEASE_UNITS: String(batch) };
    const coordinator = await Coordinator.start({ settings, execArgv });
    try {
      const units = Math.ceil(((seconds + WARM_UP_MS / 1000) * UNITS_A_SECOND) / jobs);
      const policy = quorum === 1 ? ({ kind: 'trusted' } as const) : ({ kind: 'quorum', quorum } as const);
      for (let n = 0; n < jobs; n++) await submit(coordinator.grid, { units, policy, bytes }, `job ${n}`);
      const crowd = await Crowd.join(coordinator.port, clients, { bytes, runMs: 0 });
      await wait(WARM_UP_MS);
      const cpuBefore = await coordinator.cpuMicros();
      const ownBefore = process.cpuUsage();
      const began = performance.now();
      const warm = crowd.next();
      await wait(seconds * 1000);
      const measured = crowd.next();
      const elapsed = (performance.now() - began) / 1000;
      const own = process.cpuUsage(ownBefore);
      const cpu = (await coordinator.cpuMicros()) - cpuBefore;
      const after = await crowd.leave();
      const memory = await coordinator.residentBytes();
      const wire = crowd.wireBytes;
      await coordinator.end('SIGTERM');

      const found = await checkLog(coordinator.data, jobs, bytes);
      const acknowledged = warm.acknowledged + measured.acknowledged + after.acknowledged;
      const attempts = measured.acknowledged;
      return {
        unitsPerSecond: Math.round(attempts / quorum / elapsed),
        cpuMicrosPerUnit: round((cpu * quorum) / attempts),
        cpuMicrosPerResult: round(cpu / attempts),
        loadMicrosPerUnit: round(((own.user + own.system) * quorum) / attempts),
        batch,
        quorum,
        clients,
        bytes,
        jobs,
        seconds,
        durability: DURABILITY,
        p50Ms: round(measured.roundTrips.quantile(0.5)),
        p99Ms: round(measured.roundTrips.quantile(0.99)),
        peakMb: Math.round(memory.peak / 2 ** 20),
        overheadBytesPerResult: round((found.factBytes - found.resultBytes) / found.returned),
        wireBytesPerResult: Math.round(wire / acknowledged),
        validated: found.validated,
        acknowledged,
        checked: attempts > 0 && found.wrong === 0 && found.twice === 0 && found.returned === acknowledged,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}, { quorum: 2 }, { batch: 1, clients: 1000 }, { bytes: 10_000, clients: 16 }, { jobs: 1000 }],
  columns: [
    ['batch', 'units a message'],
    ['quorum', 'quorum'],
    ['clients', 'devices'],
    ['bytes', 'bytes a result'],
    ['jobs', 'jobs'],
    ['unitsPerSecond', 'units/s'],
    ['cpuMicrosPerUnit', "coordinator's CPU a unit, µs"],
    ['p50Ms', 'p50, ms'],
    ['p99Ms', 'p99, ms'],
    ['overheadBytesPerResult', 'bytes beyond the result'],
    ['checked', 'checked'],
  ],
});
