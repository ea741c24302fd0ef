import { checkLog } from '../check/log.ts';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Crowd } from '../load/crowd.ts';
import { submit } from '../load/job.ts';
import { prefill } from '../load/prefill.ts';
import { round } from '../measure/round.ts';
import { wait } from '../measure/wait.ts';

const WARM_UP_MS = 3000;
const UNITS_A_SECOND = 1_000_000;

interface Rate {
  unitsPerSecond: number;
  cpuMicrosPerUnit: number;
  residentMb: number;
  checked: boolean;
}

/** The rate of a job that has so many results already. */
const rateAt = async (
  done: number,
  { batch, clients, bytes, seconds }: { batch: number; clients: number; bytes: number; seconds: number },
  execArgv: readonly string[],
): Promise<Rate> => {
  const settings = { GOSSAMER_LEASE_UNITS: String(batch) };
  const coordinator = await Coordinator.start({ settings, execArgv });
  try {
    const units = done + (seconds + WARM_UP_MS / 1000) * UNITS_A_SECOND;
    await submit(coordinator.grid, { units, policy: { kind: 'trusted' } });
    await coordinator.end('SIGKILL');
    const written = await prefill(coordinator.data, 1, { units: done, batch, bytes, quorum: 1 });
    await coordinator.start();
    const crowd = await Crowd.join(coordinator.port, clients, { bytes, runMs: 0 });
    await wait(WARM_UP_MS);
    const cpuBefore = await coordinator.cpuMicros();
    const began = performance.now();
    const warm = crowd.next();
    await wait(seconds * 1000);
    const measured = crowd.next();
    const elapsed = (performance.now() - began) / 1000;
    const cpu = (await coordinator.cpuMicros()) - cpuBefore;
    const after = await crowd.leave();
    const memory = await coordinator.residentBytes();
    await coordinator.end('SIGTERM');
    const found = await checkLog(coordinator.data, 1, bytes);
    const returned = written + warm.acknowledged + measured.acknowledged + after.acknowledged;
    return {
      unitsPerSecond: Math.round(measured.acknowledged / elapsed),
      cpuMicrosPerUnit: round(cpu / measured.acknowledged),
      residentMb: Math.round(memory.now / 2 ** 20),
      checked: found.wrong === 0 && found.twice === 0 && found.returned === returned,
    };
  } finally {
    await coordinator.remove();
  }
};

/** Does a job with ten million results go on as fast as one with a hundred thousand? */
export const growth = benchmark({
  name: 'growth',
  about: 'the rate of a job with many results behind it, against that of a small one',
  options: {
    small: { about: 'results of the small job', value: 100_000, least: 1, most: 100_000_000 },
    large: { about: 'results of the large job', value: 10_000_000, least: 1, most: 100_000_000 },
    batch: { about: 'units a message', value: 64, least: 1, most: 4096 },
    clients: { about: 'devices', value: 32, least: 1, most: 10_000 },
    bytes: { about: 'size of a result', value: 64, least: 4, most: 65_536 },
    seconds: { about: 'length of each measurement', value: 8, least: 1, most: 600 },
  },
  async run({ small, large, ...options }, { say, execArgv }) {
    say(`${small} results`);
    const atSmall = await rateAt(small, options, execArgv);
    say(`${large} results`);
    const atLarge = await rateAt(large, options, execArgv);
    return {
      small,
      large,
      ...options,
      smallUnitsPerSecond: atSmall.unitsPerSecond,
      largeUnitsPerSecond: atLarge.unitsPerSecond,
      ratio: round(atLarge.unitsPerSecond / atSmall.unitsPerSecond),
      cpuRatio: round(atSmall.cpuMicrosPerUnit / atLarge.cpuMicrosPerUnit),
      largeResidentMb: atLarge.residentMb,
      checked: atSmall.checked && atLarge.checked,
    };
  },
  reported: [{}],
  columns: [
    ['small', 'small job'],
    ['large', 'large job'],
    ['smallUnitsPerSecond', 'small, units/s'],
    ['largeUnitsPerSecond', 'large, units/s'],
    ['ratio', 'ratio'],
    ['cpuRatio', 'ratio by CPU'],
    ['largeResidentMb', 'memory of the large, MB'],
  ],
});
