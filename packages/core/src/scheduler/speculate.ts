import type { Job } from '../job/job.ts';
import { needOf } from '../job/need.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import { standingIn } from '../trust/standing.ts';
import { refusal } from './eligible.ts';
import { unitsInTime } from './horizon.ts';
import { participants, queue } from './reconcile.ts';
import type { Scheduler } from './state.ts';
import { stragglersOf } from './stragglers.ts';
import { unitMsOf } from './unit-ms.ts';

/** A copy pays when it will be there in less than this share of the time that the original still takes. */
const SOONER = 0.7;

/**
 * In the tail, when a job has nothing left to give to a device and its last units are with slow ones: the unit of which a
 * copy on this device would gain most, or null. Only devices that are reliable and of known speed get copies, and only those
 * that are done with one by the job's horizon.
 */
export const speculate = (scheduler: Scheduler, job: Job, device: Device, now: number): number | null => {
  if (job.leased === 0 || job.horizon.until === Number.POSITIVE_INFINITY) return null;
  const own = unitMsOf(scheduler, job, device.number);
  if (own === undefined || standingIn(scheduler, job, device.number) === 'caught') return null;
  const list = stragglersOf(scheduler, job, now);
  if (unitsInTime(scheduler, job, device, now) === 0) return null;
  for (let at = list.length - 1; at >= 0; at--) {
    const { unit, due } = list[at]!;
    if (due - now <= own / SOONER) return null;
    const isOpen = job.holders.has(unit) && job.units.state[unit] === UNIT.open;
    // Where a device may compute a unit twice, it is no faster than itself all the same.
    const isOwn = isOpen && job.holders.of(unit).includes(device.number);
    if (isOwn || (isOpen && refusal(scheduler, job, device, participants(job, unit)) !== null)) continue;
    list.splice(at, 1);
    if (!isOpen) continue;
    job.holders.add(unit, device.number);
    // It may stand in the queue for yet another attempt, which must not be this device's either.
    job.ready.drop(unit);
    if (needOf(job, unit) > 0) queue(scheduler, job, unit);
    return unit;
  }
  return null;
};
