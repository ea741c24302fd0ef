import { LIMITS } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';
import { needOf } from '../job/need.ts';
import type { Device } from '../leases/devices.ts';
import { kinship } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import { participants } from './reconcile.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** Units that are cut ahead of need, at the least. */
const CUSHION = 1024;
/** What a unit is taken to cost before one was measured, ms. */
const UNKNOWN_UNIT_MS = 1000;

/** Why a device may not take a unit in which `devices` take part; null when it may. */
export const refusal = (scheduler: Scheduler, job: Job, device: Device, devices: readonly number[]) => {
  for (const number of devices) {
    const other = scheduler.devices.get(number);
    const kin = other === undefined ? null : kinship(device, other, job.independence);
    if (kin !== null) return kin;
  }
  return null;
};

/** Units that were cut, are open and wait for a device, as far as is known without a look at each. */
export const readyCount = (job: Job): number => job.spec.total - job.fresh + job.ready.size;

/**
 * Units of one lease: as many as fill `leaseTargetMs` at the device's measured speed (a single one while it is not
 * known), but no more than leaves something for every other slot in the tail.
 */
const leaseSize = (scheduler: Scheduler, job: Job, device: Device): number => {
  const measured = job.unitMs.get(device.number);
  if (measured === undefined) return 1;
  const fill = Math.ceil(scheduler.options.timing.leaseTargetMs / Math.max(measured, 0.01));
  let slots = 0;
  for (const session of scheduler.sessions.values()) slots += session.slots;
  const share = Math.ceil(readyCount(job) / Math.max(1, 2 * slots));
  return Math.max(1, Math.min(fill, share, job.leaseCap, LIMITS.leaseUnits));
};

const take = (job: Job, unit: number, device: number): void => {
  const holders = job.holders.get(unit);
  if (holders === undefined) job.holders.set(unit, [device]);
  else holders.push(device);
  if (needOf(job, unit) > 0) job.ready.push(unit, participants(job, unit));
};

const takeReady = (scheduler: Scheduler, job: Job, device: Device, limit: number, units: number[]): void => {
  for (const group of [...job.ready.groups()]) {
    if (refusal(scheduler, job, device, group.devices) !== null) continue;
    // A unit taken here may come back into this very group; the count keeps the walk finite.
    for (let left = group.queue.length - group.at; left > 0 && units.length < limit; left--) {
      const unit = job.ready.shift(group);
      if (unit === undefined) break;
      if (needOf(job, unit) === 0) continue;
      units.push(unit);
      take(job, unit, device.number);
    }
    if (units.length === limit) return;
  }
};

const cutAhead = (job: Job, wanted: number, now: number, effects: Effects): void => {
  const upto = Math.min(job.spec.total, job.fresh + wanted);
  if (upto <= job.units.length) return;
  record(effects, job, { kind: 'cut', at: now, upto: Math.min(job.spec.total, upto + CUSHION) });
};

const takeFresh = (job: Job, device: Device, limit: number, units: number[], now: number, effects: Effects): void => {
  while (units.length < limit && job.fresh < job.spec.total) {
    cutAhead(job, limit - units.length, now, effects);
    const unit = job.fresh++;
    // After a crash a late result can come before its unit's turn: then the unit is settled, or queued already.
    if (job.units.head[unit] !== -1) continue;
    units.push(unit);
    take(job, unit, device.number);
  }
};

/** Open jobs in the order in which they are to be served: by priority, then the one that got least for its weight. */
const jobsInTurn = (scheduler: Scheduler): Job[] =>
  [...scheduler.jobs.values()]
    .filter(isOpen)
    .sort((a, b) => b.spec.priority - a.spec.priority || a.pass - b.pass || a.number - b.number);

const lease = (scheduler: Scheduler, job: Job, device: Device, units: number[], now: number): Lease => {
  const { heartbeatMs } = scheduler.options.timing;
  const granted: Lease = {
    number: ++scheduler.lastLease,
    job: job.number,
    device: device.number,
    units: Uint32Array.from(units),
    members: new Uint8Array(units.length),
    open: units.length,
    issuedAt: now,
    runMs: 0,
    expiresAt: now + silence(heartbeatMs),
  };
  scheduler.leases.set(granted.number, granted);
  const own = scheduler.leasesOf.get(device.number);
  if (own === undefined) scheduler.leasesOf.set(device.number, new Set([granted]));
  else own.add(granted);
  job.leased += units.length;
  const unitMs = job.unitMs.get(device.number) ?? UNKNOWN_UNIT_MS;
  const { priority, weight } = job.spec;
  // What a job did not take while it was held, or while no device might have its units, is not made up for.
  job.pass = Math.max(job.pass, scheduler.served.get(priority) ?? 0);
  scheduler.served.set(priority, job.pass);
  job.pass += (units.length * unitMs) / weight;
  return granted;
};

/** How long a lease lives without a sign of life: some heartbeats may be lost. */
export const silence = (heartbeatMs: number): number => 4 * heartbeatMs;

/** Grants one lease to a device, or null when there is nothing that it may have. */
export const grantLease = (scheduler: Scheduler, device: Device, now: number, effects: Effects): Lease | null => {
  for (const job of jobsInTurn(scheduler)) {
    const limit = leaseSize(scheduler, job, device);
    const units: number[] = [];
    takeReady(scheduler, job, device, limit, units);
    if (units.length < limit) takeFresh(job, device, limit, units, now, effects);
    if (units.length > 0) return lease(scheduler, job, device, units, now);
  }
  return null;
};
