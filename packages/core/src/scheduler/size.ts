import { LIMITS } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import type { Device } from '../leases/devices.ts';
import { apprenticeship } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import type { Standing } from '../trust/standing.ts';
import { crowdOf } from './crowd.ts';
import type { Scheduler } from './state.ts';

/** A device may be leased so many times what it last brought back at once: claims of speed must be made good. */
const GROWTH = 8;
/** Weight of the newest measurement in a moving average of run times. */
const NEWEST = 0.3;
/** The same for the average over all devices, which differ much. */
const NEWEST_OF_ALL = 0.005;
/** Share of a lease's time that a tab may have spent on other things, as earlier leases and the way. */
const OTHER_THINGS = 0.75;

const average = (known: number | undefined, ms: number): number =>
  known === undefined ? ms : known + NEWEST * (ms - known);

/**
 * Takes in how long the units of a report ran, as the device claims, ms in all; and of their lease how many units have
 * come back so far and how long ago it was given. No unit ran longer than that, and a device is not taken to be more
 * than four times as fast as it was seen: by the whole of the lease, as a long one is reported in parts.
 */
export const measure = (
  job: Job,
  device: number,
  claimed: { units: number; ms: number },
  lease: { units: number; elapsedMs: number },
): void => {
  const least = (lease.elapsedMs * (1 - OTHER_THINGS)) / lease.units;
  const ms = Math.min(Math.max(claimed.ms / claimed.units, least), Math.max(lease.elapsedMs, 1));
  job.unitMs.set(device, average(job.unitMs.get(device), ms));
  const weight = Math.max(1 / (job.counts.returned + 1), NEWEST_OF_ALL);
  job.meanUnitMs += weight * (ms - job.meanUnitMs);
  job.reach.set(device, Math.max(job.reach.get(device) ?? 1, lease.units * GROWTH));
};

/**
 * Units of one lease: as many as fill `leaseTargetMs` at the device's measured speed (a single one while it is not
 * known), but no more than leaves something for every other slot in the tail, and no more than a device that is
 * always checked needs to prove itself.
 */
export const leaseSize = (scheduler: Scheduler, job: Job, device: Device, standing: Standing, now: number): number => {
  const measured = job.unitMs.get(device.number);
  if (measured === undefined || standing === 'caught') return 1;
  const fill = Math.ceil(scheduler.options.timing.leaseTargetMs / Math.max(measured, 0.01));
  const share = Math.ceil(readyCount(job) / Math.max(1, 2 * crowdOf(scheduler, now).slots));
  let most = Math.min(fill, share, job.leaseCap, job.reach.get(device.number) ?? 1, LIMITS.leaseUnits);
  if (job.rule.byStanding && job.spec.policy.kind === 'adaptive' && standing === 'new') {
    const record = recordIn(scheduler, job, device.number);
    const needed = apprenticeship(record, scheduler.book.liars, job.spec.policy.maxErrorRate);
    most = Math.min(most, Math.ceil(needed - record.survived));
  }
  return Math.max(1, most);
};
