import { checkLog } from '../check/log.ts';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Crowd } from '../load/crowd.ts';
import { submit } from '../load/job.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';

const WARM_UP_MS = 3000;

/** What happens when far more is offered than can be taken. */
export const overload = benchmark({
  name: 'overload',
  about: 'many times the load that can be taken: memory, latency of what is taken, and what is refused',
  options: {
    clients: { about: 'devices that send without a pause', value: 2000, least: 1, most: 19_000 },
    batch: { about: 'units a message', value: 64, least: 1, most: 4096 },
    bytes: { about: 'size of a result', value: 64, least: 4, most: 1_000_000 },
    seconds: { about: 'length of the measurement', value: 20, least: 1, most: 600 },
  },
  async run({ clients, batch, bytes, seconds }, { execArgv }) {
    const coordinator = await Coordinator.start({ settings: { GOSSAMER_LEASE_UNITS: String(batch) }, execArgv });
    try {
      await submit(coordinator.grid, { units: (seconds + 30) * 1_000_000, policy: { kind: 'trusted' } });
      const crowd = await Crowd.join(coordinator.port, clients, { bytes, runMs: 0 });
      await wait(WARM_UP_MS);
      crowd.next();
      await wait((seconds * 1000) / 2);
      const halfway = await coordinator.residentBytes();
      await wait((seconds * 1000) / 2);
      const measured = crowd.next();
      const memory = await coordinator.residentBytes();
      await crowd.leave();
      await coordinator.end('SIGTERM');
      const found = await checkLog(coordinator.data, 1, bytes);
      return {
        clients,
        batch,
        bytes,
        seconds,
        unitsPerSecond: Math.round(measured.acknowledged / seconds),
        refused: measured.deferred,
        p50Ms: round(measured.roundTrips.quantile(0.5)),
        p99Ms: round(measured.roundTrips.quantile(0.99)),
        mostMs: round(measured.roundTrips.most),
        residentMb: Math.round(memory.now / 2 ** 20),
        grownMb: Math.round((memory.now - halfway.now) / 2 ** 20),
        checked: measured.acknowledged > 0 && found.wrong === 0 && found.twice === 0,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}],
  columns: [
    ['clients', 'devices'],
    ['unitsPerSecond', 'units/s'],
    ['refused', 'told to come again'],
    ['p50Ms', 'p50, ms'],
    ['p99Ms', 'p99, ms'],
    ['mostMs', 'most, ms'],
    ['residentMb', 'memory, MB'],
    ['grownMb', 'grown in the second half, MB'],
  ],
});
