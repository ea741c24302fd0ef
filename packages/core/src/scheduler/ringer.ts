import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import { checkRate } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import type { Standing } from '../trust/standing.ts';
import { refusal } from './eligible.ts';
import { participants } from './reconcile.ts';
import type { Scheduler } from './state.ts';

/**
 * Ringers in proportion to the checks of a device. A check by another device proves both and so costs half as much;
 * a ringer is the check that devices which are in league cannot pass by agreeing with each other.
 */
const SHARE = 0.05;
const TRIES = 4;

/** A unit whose answer is known, and in which the device has no part; null when none is found quickly. */
const pick = (scheduler: Scheduler, job: Job, device: Device, units: readonly number[]): number | null => {
  for (let tries = 0; tries < TRIES && job.fresh > 0; tries++) {
    const unit = Math.floor(scheduler.options.chance() * job.fresh);
    if (job.units.state[unit] !== UNIT.validated || units.includes(unit)) continue;
    if (refusal(scheduler, job, device, participants(job, unit)) === null) return unit;
  }
  return null;
};

/**
 * Now and then puts a unit among the others whose canonical result is known: the device cannot tell. A device that was
 * caught is given one when there is nothing else for it, so that it can prove itself.
 */
export const addRinger = (
  scheduler: Scheduler,
  job: Job,
  device: Device,
  standing: Standing,
  units: number[],
): void => {
  const { policy } = job.spec;
  if (!job.rule.byStanding || policy.kind !== 'adaptive' || !job.independence.device) return;
  const isSpare = units.length === 0;
  if (isSpare && standing !== 'caught') return;
  if (!isSpare) {
    if (standing !== 'credible') return;
    const rate = checkRate(recordIn(scheduler, job, device.number), scheduler.book.liars, policy.maxErrorRate);
    if (scheduler.options.chance() >= SHARE * rate * units.length) return;
  }
  const unit = pick(scheduler, job, device, units);
  if (unit === null) return;
  // Anywhere among the others: the last place would tell.
  units.splice(Math.floor(scheduler.options.chance() * (units.length + 1)), 0, unit);
  job.holders.add(unit, device.number);
};
