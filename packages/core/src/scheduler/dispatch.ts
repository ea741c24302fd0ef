import type { Job } from '../job/job.ts';
import { needOf } from '../job/need.ts';
import type { Lane } from '../job/ready.ts';
import { LANE } from '../job/ready.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Standing } from '../trust/standing.ts';
import { standingIn } from '../trust/standing.ts';
import { closeWhenDry } from './closing.ts';
import { slotsFor } from './crowd.ts';
import { lacks, refusal, restOf } from './eligible.ts';
import { lookAhead, unitsInTime } from './horizon.ts';
import { issue } from './issue.ts';
import { isRecalling } from './recall.ts';
import { queue } from './reconcile.ts';
import { addRinger } from './ringer.ts';
import { leaseSize } from './size.ts';
import { speculate } from './speculate.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** Units that are cut ahead of need, at the least. */
const CUSHION = 1024;
/** Checks that may wait for each slot of a new device before credible ones take them, too. */
const CHECKS_PER_NEWCOMER = 4;

/** What is being put together for one device. */
interface Basket {
  readonly scheduler: Scheduler;
  readonly job: Job;
  readonly device: Device;
  readonly limit: number;
  readonly units: number[];
}

const take = ({ scheduler, job, device, units }: Basket, unit: number): void => {
  units.push(unit);
  job.holders.add(unit, device.number);
  if (needOf(job, unit) > 0) queue(scheduler, job, unit);
};

const takeReady = (basket: Basket, lane: Lane): void => {
  const { scheduler, job, device, limit, units } = basket;
  for (const group of job.ready.groups(lane)) {
    if (units.length >= limit) return;
    if (refusal(scheduler, job, device, group.devices) !== null) continue;
    // A unit taken here may come back into this very group; the count keeps the walk finite.
    for (let left = group.queue.length - group.at; left > 0 && units.length < limit; left--) {
      const unit = job.ready.shift(group);
      if (unit === undefined) break;
      if (needOf(job, unit) > 0) take(basket, unit);
    }
  }
};

const cutAhead = (job: Job, wanted: number, now: number, effects: Effects): void => {
  const upto = Math.min(job.total, job.fresh + wanted);
  if (upto <= job.units.length) return;
  record(effects, job, { kind: 'cut', at: now, upto: Math.min(job.total, upto + CUSHION) });
};

const takeFresh = (basket: Basket, now: number, effects: Effects): void => {
  const { job, limit, units } = basket;
  while (units.length < limit && job.fresh < job.total) {
    cutAhead(job, limit - units.length, now, effects);
    take(basket, job.fresh++);
  }
};

/**
 * Fills the basket in the order in which the device should have it. Whoever must be checked anyway takes checks of
 * others first, which proves both. A credible device leaves these to newcomers while there are some, and one that was
 * caught is given nothing new, unless nobody else is there.
 */
const fill = (basket: Basket, standing: Standing, now: number, effects: Effects): void => {
  const { scheduler, job, limit, units } = basket;
  const { all, fresh, caught } = slotsFor(scheduler, job, now);
  const isCrowded = job.ready.sizeOf(LANE.checks) > CHECKS_PER_NEWCOMER * fresh;
  const isKept = isRecalling(scheduler, job, now);
  if (!isKept) {
    if (standing !== 'credible' || isCrowded) takeReady(basket, LANE.checks);
    takeReady(basket, LANE.work);
  }
  if (units.length < limit && (standing !== 'caught' || caught >= all)) takeFresh(basket, now, effects);
  if (isKept) return;
  if (units.length === 0) takeReady(basket, LANE.checks);
  if (units.length === 0 && closeWhenDry(scheduler, job, now, effects)) {
    takeReady(basket, LANE.checks);
    takeReady(basket, LANE.work);
  }
  addRinger(scheduler, job, basket.device, standing, units);
};

/** Under other policies than the adaptive one, all devices are alike. */
const treatedAs = (scheduler: Scheduler, job: Job, device: Device): Standing =>
  job.rule.byStanding ? standingIn(scheduler, job, device.number) : 'credible';

/** Grants one lease to a device, or null when there is nothing that it may have. */
export const grantLease = (scheduler: Scheduler, device: Device, now: number, effects: Effects): Lease | null => {
  const fitting: Job[] = [];
  for (const job of scheduler.turns.order(scheduler.jobs)) {
    if (lacks(scheduler, job, device, now) !== null) continue;
    fitting.push(job);
    if (restOf(scheduler, job, device, now) > 0) continue;
    const standing = treatedAs(scheduler, job, device);
    lookAhead(scheduler, job, device, now);
    const most = unitsInTime(scheduler, job, device, now);
    if (most === 0) continue;
    const limit = Math.min(most, leaseSize(scheduler, job, device, standing, now));
    const basket = { scheduler, job, device, limit, units: [] };
    fill(basket, standing, now, effects);
    if (basket.units.length > 0) return issue(scheduler, job, device, basket.units, now);
  }
  for (const job of fitting) {
    const unit = speculate(scheduler, job, device, now);
    if (unit !== null) return issue(scheduler, job, device, [unit], now);
  }
  return null;
};
