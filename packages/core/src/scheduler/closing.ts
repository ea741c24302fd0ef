import type { Job } from '../job/job.ts';
import { headOfRound } from '../job/rounds.ts';
import { openUnits } from '../leases/lease.ts';
import { checksToGo, LATER_CHECKS } from '../trust/odds.ts';
import { recordIn } from '../trust/record.ts';
import { aftermath } from './aftermath.ts';
import { reconcileUnit } from './reconcile.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** A device that left so long ago, ms, is not waited for: what stands on its word is checked. */
const GONE_MS = 30 * 60_000;
/** A job that has nothing else to give looks for results to be checked at most this often, ms. */
const CLOSING_MS = 500;

/**
 * Picks checks for the last provisional results of a device that will return no more of them for now: the youngest,
 * which a device that began to lie at some time betrays, and others by chance.
 */
const closeLedger = (scheduler: Scheduler, job: Job, device: number, now: number, effects: Effects): void => {
  const { policy } = job.spec;
  if (policy.kind !== 'adaptive') return;
  const togo = checksToGo(recordIn(scheduler, job, device), scheduler.book.liars, policy.maxErrorRate);
  const lacking = job.accounts.get(device)?.ledger.lacking(LATER_CHECKS, togo);
  if (lacking === undefined || lacking.results.length === 0) return;
  if (lacking.checks === 0) {
    // What is thought of devices in general may have changed since its last check was decided.
    scheduler.due.push({ job: job.number, device });
    return;
  }
  const left = [...lacking.results];
  const picked = [left.pop()!];
  while (picked.length < lacking.checks && left.length > 0) {
    const at = Math.floor(scheduler.options.chance() * left.length);
    picked.push(...left.splice(at, 1));
  }
  const items = picked.map((attempt) => {
    const unit = job.attempts.unit[attempt]!;
    return { unit, ordinal: job.attempts.ordinalOf(job.units.head[unit]!, attempt) };
  });
  record(effects, job, { kind: 'audited', at: now, device, items });
  for (const { unit } of items) reconcileUnit(scheduler, job, unit, now, effects);
};

/** It may return a result that nobody else has: checks of others' results add nothing to what stands on its word. */
const holdsFresh = (scheduler: Scheduler, job: Job, device: number): boolean => {
  for (const lease of scheduler.leasesOf.get(device) ?? []) {
    if (lease.job !== job.number) continue;
    for (const { unit } of openUnits(lease)) if (headOfRound(job, unit) === -1) return true;
  }
  return false;
};

/**
 * When a job has nothing else to give, to all or to the device that asks, what is provisional is checked: true when that
 * made units ready.
 */
export const closeWhenDry = (scheduler: Scheduler, job: Job, now: number, effects: Effects): boolean => {
  if (job.counts.provisional === 0 || job.order.kind !== 'run' || job.fresh < job.total) return false;
  if (now < job.nextClosing) return false;
  job.nextClosing = now + CLOSING_MS;
  const ready = job.ready.size;
  for (const [device, { ledger }] of job.accounts) {
    if (!ledger.isEmpty && !holdsFresh(scheduler, job, device)) closeLedger(scheduler, job, device, now, effects);
  }
  aftermath(scheduler, now, effects);
  return job.ready.size > ready;
};

/** What stands on the word of devices that will hardly come back is checked. */
export const closeGone = (scheduler: Scheduler, now: number, effects: Effects): void => {
  for (const [device, since] of scheduler.left) {
    if (now - since < GONE_MS) return;
    scheduler.left.delete(device);
    for (const job of scheduler.jobs.values()) {
      if (job.order.kind !== 'cancelled') closeLedger(scheduler, job, device, now, effects);
    }
  }
};
