import { agreements } from '../job/agreements.ts';
import type { Job } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import { openUnits } from '../leases/lease.ts';
import { standingIn } from '../trust/standing.ts';
import { refusal } from './eligible.ts';
import { participants } from './reconcile.ts';
import type { Scheduler } from './state.ts';

/** A copy pays when it will be there in less than this share of the time that the original still takes. */
const SOONER = 0.7;
/** Leases that are looked at for one copy, at the most. */
const LOOKS = 4096;

/** How long a lease will take from now on, ms, by the speed of its device; one that is overdue may take for ever. */
const remaining = (job: Job, lease: Lease, now: number): number => {
  const unitMs = job.unitMs.get(lease.device) ?? job.meanUnitMs;
  const left = lease.units.length * unitMs - (now - lease.issuedAt);
  return left < 0 ? Number.POSITIVE_INFINITY : left;
};

/** Attempts that the unit wants, with those that are leased. */
const wanted = (job: Job, unit: number): number => job.rule.need(job, unit, agreements(job, unit));

/**
 * In the tail, when a job has nothing left to give and its last units are with slow devices: the unit of which a copy
 * on this device would gain most, or null. Only devices that are reliable and measured get copies; a unit gets one.
 */
export const speculate = (scheduler: Scheduler, job: Job, device: Device, now: number): number | null => {
  if (readyCount(job) > 0 || job.leased === 0) return null;
  const own = job.unitMs.get(device.number);
  if (own === undefined || standingIn(scheduler, job, device.number) === 'caught') return null;
  let best: number | null = null;
  let longest = own / SOONER;
  let looks = 0;
  for (const lease of scheduler.leases.values()) {
    if (lease.job !== job.number || lease.device === device.number) continue;
    if (looks++ > LOOKS) break;
    const left = remaining(job, lease, now);
    if (left <= longest) continue;
    for (const { unit } of openUnits(lease)) {
      if (job.units.state[unit] !== UNIT.open || job.holders.get(unit)!.length > wanted(job, unit)) continue;
      if (refusal(scheduler, job, device, participants(job, unit)) !== null) continue;
      [best, longest] = [unit, left];
      break;
    }
  }
  if (best !== null) job.holders.get(best)!.push(device.number);
  return best;
};
