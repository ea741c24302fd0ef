import { checkLog } from '../check/log.ts';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Crowd } from '../load/crowd.ts';
import { submit } from '../load/job.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';
import { DURABILITY } from './hotpath.ts';

const WARM_UP_MS = 3000;
/** More than can be done in a run. */
const UNITS = 10_000_000;

/** The time from a result to its acknowledgement, when the coordinator has little to do. */
export const latency = benchmark({
  name: 'latency',
  about: 'the time from a result to its durable acknowledgement, under light load',
  options: {
    clients: { about: 'devices', value: 4, least: 1, most: 1000 },
    pause: { about: 'time between an answer and the next result of a device, ms', value: 20, least: 0, most: 10_000 },
    bytes: { about: 'size of a result', value: 64, least: 4, most: 1_000_000 },
    seconds: { about: 'length of the measurement', value: 10, least: 1, most: 600 },
  },
  async run({ clients, pause, bytes, seconds }, { execArgv }) {
    const coordinator = await Coordinator.start({ settings: { GOSSAMER_LEASE_UNITS: '1' }, execArgv });
    try {
      await submit(coordinator.grid, { units: UNITS, policy: { kind: 'trusted' }, bytes });
      const crowd = await Crowd.join(coordinator.port, clients, { bytes, runMs: 0, pauseMs: pause });
      await wait(WARM_UP_MS);
      const cpuBefore = await coordinator.cpuMicros();
      crowd.next();
      await wait(seconds * 1000);
      const measured = crowd.next();
      const cpu = (await coordinator.cpuMicros()) - cpuBefore;
      await crowd.leave();
      await coordinator.end('SIGTERM');
      const found = await checkLog(coordinator.data, 1, bytes);
      const { acknowledged, roundTrips } = measured;
      return {
        p50Ms: round(roundTrips.quantile(0.5)),
        p90Ms: round(roundTrips.quantile(0.9)),
        p99Ms: round(roundTrips.quantile(0.99)),
        mostMs: round(roundTrips.most),
        results: acknowledged,
        cpuMicrosPerUnit: round(cpu / acknowledged),
        clients,
        pauseMs: pause,
        bytes,
        seconds,
        durability: DURABILITY,
        checked: acknowledged > 0 && found.wrong === 0 && found.twice === 0,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}, { clients: 1, pause: 0 }],
  columns: [
    ['clients', 'devices'],
    ['pauseMs', 'pause, ms'],
    ['results', 'results'],
    ['p50Ms', 'p50, ms'],
    ['p90Ms', 'p90, ms'],
    ['p99Ms', 'p99, ms'],
    ['mostMs', 'most, ms'],
  ],
});
