import type { Lease } from '../leases/lease.ts';
import { closeLease } from '../leases/close.ts';
import { isOpen } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import { UNIT } from '../job/units.ts';
import { aftermath } from './aftermath.ts';
import { closeGone, closeWhenDry } from './closing.ts';
import { endRecall } from './recall.ts';
import { reconcileUnit } from './reconcile.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/**
 * Why a lease ended without its results: its time ran out, or its holder went away or gave it back. What was withdrawn
 * did not run its course by nobody's fault, as its program may not run there: it is no try of its units.
 */
export type Loss = 'expired' | 'abandoned' | 'withdrawn';

/** Counts lost attempts of one job in one fact, and queues their units anew. */
export const loseUnits = (
  scheduler: Scheduler,
  jobNumber: number,
  units: readonly number[],
  loss: Loss,
  now: number,
  effects: Effects,
): void => {
  const job = scheduler.jobs.get(jobNumber);
  if (job === undefined || job.order.kind === 'cancelled') return;
  const open = units.filter((unit) => job.units.state[unit] === UNIT.open);
  if (open.length === 0) return;
  if (loss === 'withdrawn') record(effects, job, { kind: 'withdrawn', at: now, units: open });
  else {
    const items = open.map((unit) => ({
      unit,
      expired: loss === 'expired' ? 1 : 0,
      abandoned: loss === 'abandoned' ? 1 : 0,
    }));
    record(effects, job, { kind: 'lost', at: now, items });
  }
  for (const unit of open) reconcileUnit(scheduler, job, unit, now, effects);
};

/** Takes a lease from its holder. A late result of it is still welcome. */
export const loseLease = (scheduler: Scheduler, lease: Lease, loss: Loss, now: number, effects: Effects): void =>
  loseUnits(scheduler, lease.job, closeLease(scheduler, lease), loss, now, effects);

/**
 * A tab that gives signs of life keeps a lease for so many times its run time; it may be slow or paused, but not for ever. While a
 * result of it is on its way, at a pace that HTTP bounds, that time does not begin.
 */
const PATIENCE = 5;

/** Ends what time has broken: leases of sessions that did not come back, of tabs that fell silent, and those that ran too long. */
export const loseOverdue = (scheduler: Scheduler, now: number, effects: Effects): void => {
  const { sessionGraceMs } = scheduler.options.timing;
  for (const [device, since] of [...scheduler.gone]) {
    if (now - since < sessionGraceMs) continue;
    scheduler.gone.delete(device);
    for (const lease of [...(scheduler.leasesOf.get(device) ?? [])]) {
      loseLease(scheduler, lease, 'abandoned', now, effects);
    }
  }
  for (const lease of [...scheduler.leases.values()]) {
    const bound = runBound(scheduler, lease);
    if (
      now >= lease.expiresAt ||
      lease.runMs > bound ||
      now - Math.max(lease.issuedAt, lease.sendingAt) > PATIENCE * bound
    ) {
      loseLease(scheduler, lease, 'expired', now, effects);
    }
  }
  endRecall(scheduler, now, effects);
  closeGone(scheduler, now, effects);
  tendSuspects(scheduler, now, effects);
  if (tendTails(scheduler, now, effects)) effects.wake = true;
  aftermath(scheduler, now, effects);
};

/** Units whose errors are all of one device fail when those who might do better did not come back within the grace. */
const tendSuspects = (scheduler: Scheduler, now: number, effects: Effects): void => {
  const { sessionGraceMs } = scheduler.options.timing;
  for (const job of scheduler.jobs.values()) {
    for (const [unit, since] of job.suspects) {
      if (job.units.state[unit] !== UNIT.open) job.suspects.delete(unit);
      else if (now - since >= sessionGraceMs) reconcileUnit(scheduler, job, unit, now, effects);
    }
  }
};

/** What only the passing of time brings: results to be checked at a job's end, and copies of what takes too long. */
const tendTails = (scheduler: Scheduler, now: number, effects: Effects): boolean => {
  if (scheduler.parked.size === 0) return false;
  let hasTail = false;
  for (const job of scheduler.jobs.values()) {
    if (!isOpen(job)) continue;
    if (readyCount(job) === 0) closeWhenDry(scheduler, job, now, effects);
    else if (job.horizon.until === Number.POSITIVE_INFINITY) continue;
    hasTail = true;
  }
  return hasTail;
};

/** The run time after which a lease is over, ms: twice what its units may take, as the tab's own clock ends them first. */
const runBound = (scheduler: Scheduler, lease: Lease): number => {
  const deadlineMs = scheduler.jobs.get(lease.job)?.spec.limits.deadlineMs ?? 0;
  return 2 * deadlineMs * lease.units.length;
};
