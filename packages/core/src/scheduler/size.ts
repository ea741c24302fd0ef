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

/** A lease that computes for less than this costs more to start, and to bring back, than it computes, ms of run time. */
const WORTH_MS = 100;

/**
 * A device may be leased so many times what it brought back at once: claims of speed must be made good. It is no small
 * step, as the clock bounds such a claim, too: see `measure`.
 */
export const GROWTH = 64;
/** The same for its first lease in a job, which the clock has seen nothing of. */
const FIRST_GROWTH = 8;
/**
 * Units of the device's next lease that it can make good. Its first one in a job rests on other jobs and other devices:
 * on what it brought back elsewhere, and on what anybody brought back here, lest the job's first units were odd ones.
 */
const reachOf = (scheduler: Scheduler, job: Job, device: number): number =>
  job.reach.get(device) ?? FIRST_GROWTH * Math.min(scheduler.speeds.reachOf(device), job.measured);

/**
 * Units of one lease: as many as fill the job's `leaseTargetMs`, or else the grid's, at the device's speed (a single one while it is not known), but no
 * more than it can make good, no more than leaves something for every other slot in the tail (where that is worth a
 * lease), and no more than a device that is always checked needs to prove itself.
 */
export const leaseSize = (scheduler: Scheduler, job: Job, device: Device, standing: Standing, now: number): number => {
  const unitMs = unitMsOf(scheduler, job, device.number);
  if (unitMs === undefined || standing === 'caught') return 1;
  const unitsIn = (ms: number): number => Math.ceil(ms / Math.max(unitMs, 0.01));
  const fill = unitsIn(job.spec.leaseTargetMs ?? scheduler.options.timing.leaseTargetMs);
  const ready = readyCount(job);
  const worth = unitsIn(WORTH_MS);
  const fair = Math.ceil(ready / Math.max(1, 2 * slotsFor(scheduler, job, now).all));
  const share = ready < 2 * worth ? ready : Math.max(worth, fair);
  let most = Math.min(fill, share, job.leaseCap, reachOf(scheduler, job, device.number), LIMITS.leaseUnits);
  if (job.rule.byStanding && job.spec.policy.kind === 'adaptive' && standing === 'new') {
    const record = recordIn(scheduler, job, device.number);
    const needed = apprenticeship(record, scheduler.book.liars, job.spec.policy.maxErrorRate);
    most = Math.min(most, Math.ceil(needed - record.survived));
  }
  return Math.max(1, most);
};
