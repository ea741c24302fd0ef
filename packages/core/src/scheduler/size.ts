import { LIMITS } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import type { Device } from '../leases/devices.ts';
import { apprenticeship } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import type { Standing } from '../trust/standing.ts';
import { slotsFor } from './crowd.ts';
import type { Scheduler } from './state.ts';
import { unitMsOf } from './unit-ms.ts';

/** A device may be leased so many times what it last brought back at once: claims of speed must be made good. */
export const GROWTH = 8;
/**
 * Units of the device's next lease that it can make good. Its first one in a job rests on other jobs and other devices:
 * on what it brought back elsewhere, and on what anybody brought back here, lest the job's first units were odd ones.
 */
const reachOf = (scheduler: Scheduler, job: Job, device: number): number =>
  job.reach.get(device) ?? GROWTH * Math.min(scheduler.speeds.reachOf(device), job.measured);

/**
 * Units of one lease: as many as fill the job's `leaseTargetMs`, or else the grid's, at the device's speed (a single one while it is not known), but no
 * more than it can make good, no more than leaves something for every other slot in the tail, and no more than a device
 * that is always checked needs to prove itself.
 */
export const leaseSize = (scheduler: Scheduler, job: Job, device: Device, standing: Standing, now: number): number => {
  const unitMs = unitMsOf(scheduler, job, device.number);
  if (unitMs === undefined || standing === 'caught') return 1;
  const targetMs = job.spec.leaseTargetMs ?? scheduler.options.timing.leaseTargetMs;
  const fill = Math.ceil(targetMs / Math.max(unitMs, 0.01));
  const share = Math.ceil(readyCount(job) / Math.max(1, 2 * slotsFor(scheduler, job, now).all));
  let most = Math.min(fill, share, job.leaseCap, reachOf(scheduler, job, device.number), LIMITS.leaseUnits);
  if (job.rule.byStanding && job.spec.policy.kind === 'adaptive' && standing === 'new') {
    const record = recordIn(scheduler, job, device.number);
    const needed = apprenticeship(record, scheduler.book.liars, job.spec.policy.maxErrorRate);
    most = Math.min(most, Math.ceil(needed - record.survived));
  }
  return Math.max(1, most);
};
