import type { JobFact } from '@gossamer/core';
import { decodeFacts } from '@gossamer/core';
import { SqliteLogStore } from '@gossamer/store';
import { join } from 'node:path';
import { benchmark } from '../cli/benchmark.ts';
import { Coordinator } from '../coordinator/coordinator.ts';
import { Device } from '../load/device.ts';
import { submit } from '../load/job.ts';
import { Returning } from '../load/returning.ts';
import { round } from '../measure/round.ts';
import { eachOf } from '../measure/wait.ts';

const AT_ONCE = 64;
const BYTES = 32;
/** Value of the limit of REST requests a minute and address: all devices are of one. */
const RATE_LIMIT = '1000000';

/** By unit: of which leases its results came back. */
const returnsOf = async (data: string): Promise<Map<number, string[]>> => {
  const log = await SqliteLogStore.open(join(data, 'log.db'));
  const returns = new Map<number, string[]>();
  const take = (fact: JobFact): void => {
    if (fact.kind !== 'returned') return;
    for (const { unit } of fact.items) {
      const leases = returns.get(unit) ?? [];
      leases.push(`${fact.epoch}:${fact.lease}`);
      returns.set(unit, leases);
    }
  };
  try {
    for await (const { body } of log.read(1, 0)) decodeFacts(body).forEach(take);
  } finally {
    await log.close();
  }
  return returns;
};

/** Thousands of devices come back at once after a crash, each with a lease that it has worked on meanwhile. */
export const reconnect = benchmark({
  name: 'reconnect',
  about: 'devices that come back at once after a crash of the coordinator, each with the lease that it holds',
  options: {
    clients: { about: 'devices', value: 10_000, least: 1, most: 19_000 },
    units: { about: 'units of the job, for each device', value: 20, least: 1, most: 100 },
  },
  async run({ clients, units }, { say, execArgv }) {
    const settings = { GOSSAMER_RATE_LIMIT: RATE_LIMIT, GOSSAMER_LEASE_UNITS: '1' } as const;
    const coordinator = await Coordinator.start({ settings, execArgv });
    try {
      const job = await submit(coordinator.grid, { units: clients * units, policy: { kind: 'trusted' } });
      const devices = Array.from({ length: clients }, () => new Returning(new Device(), BYTES));
      await eachOf(devices, AT_ONCE, (device) => device.take(coordinator.port));
      say(`${clients} devices hold a lease each`);
      await coordinator.end('SIGKILL');
      const began = performance.now();
      const coming = devices.map((device) => device.comeBack(coordinator.port));
      const readyMs = await coordinator.start();
      await Promise.all(coming);
      const back = devices.map(({ backAt }) => backAt - began).sort((a, b) => a - b);
      say(`all are back after ${round(back.at(-1)! / 1000)} s`);
      const cpu = await coordinator.cpuMicros();
      let isOver = false;
      const working = devices.map((device) => device.work(() => isOver));
      for (;;) {
        const { state } = await job.view();
        if (state === 'completed') break;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      isOver = true;
      for (const device of devices) device.close();
      await Promise.race([Promise.all(working), new Promise((resolve) => setTimeout(resolve, 1000))]);
      await coordinator.end('SIGTERM');
      const returns = await returnsOf(coordinator.data);
      const lost = devices.flatMap(({ acknowledged }) => acknowledged).filter((unit) => !returns.has(unit)).length;
      const held = new Set(devices.flatMap((device) => device.heldUnits));
      let again = 0;
      let heldAgain = 0;
      for (const [unit, leases] of returns) {
        again += leases.length - 1;
        if (held.has(unit)) heldAgain += leases.length - 1;
      }
      return {
        clients,
        units: clients * units,
        readySeconds: round(readyMs / 1000),
        halfBackSeconds: round(back[Math.floor(back.length / 2)]! / 1000),
        allBackSeconds: round(back.at(-1)! / 1000),
        cpuSeconds: round(cpu / 1_000_000),
        lost,
        computedAgain: again,
        heldComputedAgain: heldAgain,
        rateLimit: Number(RATE_LIMIT),
        checked: lost === 0 && returns.size === clients * units,
      };
    } finally {
      await coordinator.remove();
    }
  },
  reported: [{}],
  columns: [
    ['clients', 'devices'],
    ['readySeconds', 'coordinator ready, s'],
    ['halfBackSeconds', 'half are back, s'],
    ['allBackSeconds', 'all are back, s'],
    ['lost', 'results lost'],
    ['computedAgain', 'units computed again'],
    ['heldComputedAgain', 'of those held over the crash'],
    ['rateLimit', 'requests a minute and address'],
  ],
});
