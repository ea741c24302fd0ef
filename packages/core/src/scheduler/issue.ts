import type { Job } from '../job/job.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Scheduler } from './state.ts';
import { unitMsOf } from './unit-ms.ts';

/** What a unit is taken to cost before one was measured, ms. */
const UNKNOWN_UNIT_MS = 1000;

/** How long a lease lives without a sign of life: some heartbeats may be lost. */
export const silence = (heartbeatMs: number): number => 4 * heartbeatMs;

const hasFreeSlot = (scheduler: Scheduler, device: number): boolean => {
  const session = scheduler.sessions.get(scheduler.sessionOf.get(device) ?? -1);
  return (scheduler.leasesOf.get(device)?.size ?? 0) < (session?.slots ?? 1);
};

/** A lease of the device has ended: the next one that was fetched ahead begins. */
export const beginNext = (scheduler: Scheduler, device: number, now: number): void => {
  for (const lease of scheduler.leasesOf.get(device) ?? []) {
    if (lease.begunAt > 0) continue;
    lease.begunAt = now;
    return;
  }
};

/** Makes a lease of units whose holder the device is already; they are the lease's from now on. */
export const issue = (scheduler: Scheduler, job: Job, device: Device, units: number[], now: number): Lease => {
  const { heartbeatMs } = scheduler.options.timing;
  const granted: Lease = {
    number: ++scheduler.lastLease,
    job: job.number,
    device: device.number,
    units,
    settled: null,
    open: units.length,
    ran: 0,
    issuedAt: now,
    sendingAt: 0,
    begunAt: hasFreeSlot(scheduler, device.number) ? now : 0,
    runMs: 0,
    recalled: null,
    expiresAt: now + silence(heartbeatMs),
  };
  scheduler.leases.set(granted.number, granted);
  const own = scheduler.leasesOf.get(device.number);
  if (own === undefined) scheduler.leasesOf.set(device.number, new Set([granted]));
  else own.add(granted);
  if (scheduler.book.caught(device.number) > 0) scheduler.lastGrant.set(device.number, now);
  job.leased += units.length;
  job.horizon.grantedAt = now;
  const unitMs = unitMsOf(scheduler, job, device.number) ?? (job.meanUnitMs || UNKNOWN_UNIT_MS);
  scheduler.turns.charge(job, units.length * unitMs);
  return granted;
};
