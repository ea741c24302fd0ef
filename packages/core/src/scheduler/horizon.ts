import type { Job } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import type { Straggler } from '../job/straggler.ts';
import type { Device } from '../leases/devices.ts';
import { lookAgainMs, slotsFor } from './crowd.ts';
import { freeAt } from './due.ts';
import { lacks, restOf } from './eligible.ts';
import { stragglersOf } from './stragglers.ts';
import type { Scheduler } from './state.ts';

/** It is looked for when no more than so many units are left for each slot: few devices are so much slower than others. */
const NEAR = 8;
/**
 * What the job has not measured is taken to be so many times slower than the mean: it may be. Its speed in other jobs
 * tells no more, as a device that has not begun here is mostly busy there.
 */
const UNMEASURED = 1.5;
/** Nothing is done in less, ms. */
const LEAST_UNIT_MS = 0.01;
/** A device may be done so much later, as a share of the time that is left, and ms. */
const LEEWAY = 0.05;
const LEEWAY_MS = 250;
/** What takes so many doublings of a unit's mean run time is not near. */
const MOST_DOUBLINGS = 12;
/** Nothing is withheld when nobody was given anything for so long: ms, and as a share of a unit's mean run time. */
const PATIENCE_MS = 2000;
const PATIENCE = 0.5;

/** A device that may compute units of the job: slots, when one is free, ms since 1970, and the run time of a unit, ms. */
interface Worker {
  readonly slots: number;
  readonly freeAt: number;
  readonly unitMs: number;
}

const unitMsOn = (job: Job, device: number): number =>
  Math.max(LEAST_UNIT_MS, job.unitMs.get(device) ?? UNMEASURED * job.meanUnitMs);

/** Devices that compute, or wait for work. One that has free slots and does not ask may be paused. */
const workersOf = (scheduler: Scheduler, job: Job, asking: Device, now: number): Worker[] => {
  const workers: Worker[] = [];
  for (const session of scheduler.sessions.values()) {
    const device = scheduler.devices.get(session.device)!;
    if (session.slots === 0) continue;
    const isThere = session.parked > 0 || device === asking || scheduler.leasesOf.has(device.number);
    if (!isThere || lacks(scheduler, job, device, now) !== null || restOf(scheduler, job, device, now) > 0) continue;
    const free = freeAt(scheduler, device.number, session.slots, now);
    if (free === Number.POSITIVE_INFINITY && device !== asking) continue;
    workers.push({
      slots: session.slots,
      freeAt: free === Number.POSITIVE_INFINITY ? now : free,
      unitMs: unitMsOn(job, device.number),
    });
  }
  return workers;
};

const doneBy = (workers: readonly Worker[], time: number): number => {
  let units = 0;
  for (const worker of workers) {
    if (time > worker.freeAt) units += worker.slots * Math.floor((time - worker.freeAt) / worker.unitMs);
  }
  return units;
};

/** Stragglers that are due later than some time; the list is in the order in which they are due. */
const dueAfter = (stragglers: readonly Straggler[], time: number): number => {
  let [from, upto] = [0, stragglers.length];
  while (from < upto) {
    const middle = (from + upto) >> 1;
    if (stragglers[middle]!.due > time) upto = middle;
    else from = middle + 1;
  }
  return stragglers.length - from;
};

/** The least time from `now` on for which a condition holds that goes on holding, ms, to a small share of `stepMs`. */
const least = (stepMs: number, holds: (ms: number) => boolean): number => {
  let late = stepMs;
  for (let doublings = 0; !holds(late); doublings++) {
    if (doublings === MOST_DOUBLINGS) return Number.POSITIVE_INFINITY;
    late *= 2;
  }
  let early = 0;
  while (late - early > 0.002 * stepMs) {
    const middle = (early + late) / 2;
    if (holds(middle)) late = middle;
    else early = middle;
  }
  return late;
};

/**
 * Finds by when all that is left can be done: what is ready, and copies of what is out with devices that will take
 * longer. It is then for those who are done with it by that time: a unit that a slow device begins now would be waited
 * for at the end.
 */
export const lookAhead = (scheduler: Scheduler, job: Job, asking: Device, now: number): void => {
  const { horizon, meanUnitMs } = job;
  const ready = readyCount(job);
  const isDry = ready === 0 && horizon.ready > 0;
  if (now - horizon.at < lookAgainMs(scheduler, now) && !isDry) return;
  if (isDry) job.stragglers.at = Number.NEGATIVE_INFINITY;
  horizon.at = now;
  horizon.ready = ready;
  horizon.until = Number.POSITIVE_INFINITY;
  if (meanUnitMs === 0 || ready > NEAR * slotsFor(scheduler, job, now).all) return;
  const workers = workersOf(scheduler, job, asking, now);
  if (workers.length === 0) return;
  const stragglers = stragglersOf(scheduler, job, now);
  const isEnough = (ms: number): boolean =>
    doneBy(workers, now + ms) >= Math.max(1, ready + dueAfter(stragglers, now + ms));
  horizon.until = now + least(meanUnitMs, isEnough);
};

/** How many units the device can be done with by the horizon; `Infinity` when nothing is withheld. */
export const unitsInTime = (scheduler: Scheduler, job: Job, device: Device, now: number): number => {
  const { until, grantedAt } = job.horizon;
  if (until === Number.POSITIVE_INFINITY) return until;
  if (now - grantedAt >= Math.max(PATIENCE_MS, PATIENCE * job.meanUnitMs)) return Number.POSITIVE_INFINITY;
  const session = scheduler.sessions.get(scheduler.sessionOf.get(device.number) ?? -1);
  const free = freeAt(scheduler, device.number, session?.slots ?? 1, now);
  // Whoever asks is there, however overdue what it has may be.
  const begins = free === Number.POSITIVE_INFINITY ? now : free;
  const latest = until + LEEWAY * (until - now) + LEEWAY_MS;
  return Math.max(0, Math.floor((latest - begins) / unitMsOn(job, device.number)));
};
