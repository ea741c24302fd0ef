import type { LeaseRef, LeaseTicket } from '@gossamer/protocol';
import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';
import { needOf } from '../job/need.ts';
import { UNIT } from '../job/units.ts';
import { settleMember } from '../leases/close.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import { isOpenAt, recallKey } from '../leases/lease.ts';
import { refusal } from './eligible.ts';
import { tierObstacle } from './tier.ts';
import { issue } from './issue.ts';
import { participants, reconcileUnit } from './reconcile.ts';
import type { Effects, Scheduler } from './state.ts';

/** While devices keep coming back, the recall goes on; for so many graces at the most. */
const MOST_GRACES = 6;

/** To be called once, when the jobs of an earlier start were taken up. */
export const beginRecall = (scheduler: Scheduler, now: number): void => {
  const { sessionGraceMs } = scheduler.options.timing;
  const jobs = new Set(scheduler.jobs.keys());
  scheduler.recall = { until: now + sessionGraceMs, most: now + MOST_GRACES * sessionGraceMs, jobs };
};

/** Are units of the job that may be out with devices of an earlier start kept back? */
export const isRecalling = ({ recall }: Scheduler, job: Job, now: number): boolean =>
  recall !== null && now < recall.until && recall.jobs.has(job.number);

/** Ends the recall in time: what was kept back is given out. */
export const endRecall = (scheduler: Scheduler, now: number, effects: Effects): void => {
  if (scheduler.recall === null || now < scheduler.recall.until) return;
  scheduler.recall = null;
  effects.wake = true;
};

/** A device of an earlier start has shown up: others may come, too. */
const prolong = ({ recall, options }: Scheduler, now: number): void => {
  if (recall !== null)
    recall.until = Math.min(recall.most, Math.max(recall.until, now + options.timing.sessionGraceMs));
};

/**
 * Takes a lease up again that an earlier start issued and the device still holds: the ticket proves it. It holds those
 * of its units that still want an attempt of this device. Null when none does: it is held in vain.
 */
export const recallLease = (
  scheduler: Scheduler,
  device: Device,
  ticket: LeaseTicket,
  now: number,
  effects: Effects,
): Lease | null => {
  prolong(scheduler, now);
  const job = scheduler.jobs.get(ticket.job);
  if (job === undefined || !isOpen(job) || tierObstacle(job, device) !== null) return null;
  if (ticket.units.some((unit) => unit >= job.units.length)) return null;
  const isWanted = ticket.units.map(
    (unit, offset) =>
      job.units.state[unit] === UNIT.open &&
      // One whose outcome is in the log is over, even if its device was not told.
      job.attempts.find(job.units.head[unit]!, ticket.epoch, ticket.number, offset) === -1 &&
      needOf(job, unit) > 0 &&
      refusal(scheduler, job, device, participants(job, unit)) === null,
  );
  if (!isWanted.includes(true)) return null;
  for (const unit of ticket.units) job.holders.add(unit, device.number);
  const lease = issue(scheduler, job, device, ticket.units, now);
  lease.recalled = { epoch: ticket.epoch, number: ticket.number };
  scheduler.recalled.set(recallKey(ticket), lease);
  isWanted.forEach((wanted, offset) => {
    if (!wanted) settleMember(scheduler, job, lease, offset);
  });
  for (const unit of ticket.units) reconcileUnit(scheduler, job, unit, now, effects);
  return lease;
};

/** The lease that a device means, of this start or of an earlier one; undefined when it is not in memory. */
export const leaseOf = (scheduler: Scheduler, ref: LeaseRef): Lease | undefined =>
  ref.epoch === scheduler.options.epoch ? scheduler.leases.get(ref.number) : scheduler.recalled.get(recallKey(ref));

/** The lease by which a device holds an attempt now; null when it holds it no more, or never did. */
export const holdsAttempt = (
  scheduler: Scheduler,
  { device, lease: ref, offset }: { device: number; lease: LeaseRef; offset: number },
): Lease | null => {
  const lease = leaseOf(scheduler, ref);
  const isHeld = lease?.device === device && offset < lease.units.length && isOpenAt(lease, offset);
  return isHeld ? lease : null;
};

/** A result of an attempt that is held is on its way: its lease has time. */
export const noteSending = (scheduler: Scheduler, place: Parameters<typeof holdsAttempt>[1], now: number): void => {
  const lease = holdsAttempt(scheduler, place);
  if (lease !== null) lease.sendingAt = now;
};
