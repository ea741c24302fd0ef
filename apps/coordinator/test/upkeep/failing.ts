import { OUTCOME, utf8 } from '@gossamer/protocol';
import type { LeaseReport } from '@gossamer/protocol';
import type { Held } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';

/** Reports a lease: the program throws for some units. */
export const failing =
  (fails: (unit: number) => boolean) =>
  (lease: Held): LeaseReport => {
    const whole = report(lease);
    whole.attempts = whole.attempts.map((attempt, place) => {
      const unit = lease.units[place]!;
      return fails(unit) ? { ...attempt, outcome: OUTCOME.errored, body: utf8(`no luck with ${unit}`) } : attempt;
    });
    return whole;
  };

/** Computes a job to its end; the program throws for some units. */
export const compute = async (grid: TestGrid, id: string, fails: (unit: number) => boolean = () => false) => {
  const device = await grid.device();
  await lend(device, async () => (await grid.rest.job(id)).state !== 'running', failing(fails));
  device.close();
};
