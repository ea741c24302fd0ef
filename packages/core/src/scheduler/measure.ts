import type { Job } from '../job/job.ts';
import { GROWTH } from './size.ts';
import type { Scheduler } from './state.ts';

/** Weight of the newest unit in a moving average of run times. */
const NEWEST = 0.3;
/** The same for the averages over all devices, which differ much. */
const NEWEST_OF_ALL = 0.005;
/** Share of a lease's time that a tab may have spent on other things, as earlier leases and the way. */
const OTHER_THINGS = 0.75;
/** No unit costs less, ms: others are told by what it cost. */
const LEAST_BASE_MS = 0.01;

/** As if the units had come one after another: the many of a long lease outweigh the first, which paid for the start. */
const average = (known: number | undefined, ms: number, units: number): number =>
  known === undefined ? ms : known + (1 - (1 - NEWEST) ** units) * (ms - known);

/**
 * Takes in how long the units of a report ran, as the device claims, ms in all; and of their lease how many units have
 * come back so far and how long ago it was given. No unit ran longer than that, and a device is not taken to be more
 * than four times as fast as it was seen: by the whole of the lease, as a long one is reported in parts. What other
 * jobs will think of the device, and other devices of the job, is learnt within the same bounds.
 */
export const measure = (
  scheduler: Scheduler,
  job: Job,
  device: number,
  claimed: { units: number; ms: number },
  lease: { units: number; elapsedMs: number },
): void => {
  const { speeds } = scheduler;
  const least = (lease.elapsedMs * (1 - OTHER_THINGS)) / lease.units;
  const ms = Math.min(Math.max(claimed.ms / claimed.units, least), Math.max(lease.elapsedMs, 1));
  job.unitMs.set(device, average(job.unitMs.get(device), ms, claimed.units));
  job.reach.set(device, Math.max(job.reach.get(device) ?? 1, lease.units * GROWTH));

  speeds.learn(device, job.measured === 0 ? null : ms / job.baseUnitMs, lease.units);
  job.measured += claimed.units;
  const weight = Math.max(claimed.units / job.measured, NEWEST_OF_ALL);
  job.meanUnitMs += weight * (ms - job.meanUnitMs);
  const base = Math.max(LEAST_BASE_MS, ms / speeds.factorOf(device)!);
  job.baseUnitMs += weight * (base - job.baseUnitMs);
};
