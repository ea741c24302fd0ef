import { agreements } from '../job/agreements.ts';
import type { Job } from '../job/job.ts';
import { readyCount } from '../job/ready-count.ts';
import type { Straggler } from '../job/straggler.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import { openUnits } from '../leases/lease.ts';
import { standingIn } from '../trust/standing.ts';
import { refusal } from './eligible.ts';
import { silence } from './issue.ts';
import { participants } from './reconcile.ts';
import type { Scheduler } from './state.ts';

/** A copy pays when it will be there in less than this share of the time that the original still takes. */
const SOONER = 0.7;
/** The list of stragglers is made anew when it is so old, ms: it costs a look at each lease. */
const FRESH_FOR_MS = 500;
/** A lease is overdue when it takes longer than expected by this share of it. */
const LATE = 0.1;
/** Copies of a unit beside the attempts that it wants, at the most. */
const MOST_COPIES = 3;
/** A tab names its leases at every heartbeat; without a sign of life for so many of them it may be gone. */
const MISSED_BEATS = 1.5;

/** When a lease is expected to be done, by the speed of its device. One whose tab is silent, or overdue, may never be. */
const dueOf = (scheduler: Scheduler, job: Job, lease: Lease, now: number): number => {
  const { heartbeatMs } = scheduler.options.timing;
  const seen = lease.expiresAt - silence(heartbeatMs);
  if (scheduler.gone.has(lease.device) || now - seen > MISSED_BEATS * heartbeatMs) return Number.POSITIVE_INFINITY;
  const runMs = lease.units.length * (job.unitMs.get(lease.device) ?? job.meanUnitMs);
  // One that waits in its tab begins when the tab is done with another one, by then the last that it was given before.
  const due = (lease.begunAt === 0 ? now + runMs : lease.begunAt) + runMs;
  return due + LATE * runMs < now ? Number.POSITIVE_INFINITY : Math.max(due, now);
};

/** Attempts that the unit wants, with those that are leased. */
const wantedBy = (job: Job, unit: number): number => job.rule.need(agreements(job, unit));

/** Units that are out, the slowest at the end. One that wants two attempts is due with the second. */
const stragglersOf = (scheduler: Scheduler, job: Job, now: number): Straggler[] => {
  if (now - job.stragglers.at < FRESH_FOR_MS) return job.stragglers.list;
  const dues = new Map<number, number[]>();
  for (const lease of scheduler.leases.values()) {
    if (lease.job !== job.number) continue;
    const due = dueOf(scheduler, job, lease, now);
    for (const { unit } of openUnits(lease)) {
      if (job.units.state[unit] !== UNIT.open) continue;
      const known = dues.get(unit);
      if (known === undefined) dues.set(unit, [due]);
      else known.push(due);
    }
  }
  const list: Straggler[] = [];
  for (const [unit, all] of dues) {
    const wanted = wantedBy(job, unit);
    if (wanted <= 0 || all.length >= wanted + MOST_COPIES) continue;
    all.sort((a, b) => (a < b ? -1 : 1));
    list.push({ unit, due: all[wanted - 1] ?? Number.POSITIVE_INFINITY });
  }
  list.sort((a, b) => (a.due === b.due ? 0 : a.due - b.due));
  job.stragglers = { at: now, list };
  return list;
};

/**
 * In the tail, when a job has nothing left to give and its last units are with slow devices: the unit of which a copy
 * on this device would gain most, or null. Only devices that are reliable and measured get copies, and only fast ones
 * while there are more idle devices than stragglers.
 */
export const speculate = (scheduler: Scheduler, job: Job, device: Device, now: number): number | null => {
  if (readyCount(job) > 0 || job.leased === 0) return null;
  const own = job.unitMs.get(device.number);
  if (own === undefined || standingIn(scheduler, job, device.number) === 'caught') return null;
  const list = stragglersOf(scheduler, job, now);
  if (scheduler.parked.size > list.length && own > job.meanUnitMs) return null;
  for (let at = list.length - 1; at >= 0; at--) {
    const { unit, due } = list[at]!;
    if (due - now <= own / SOONER) return null;
    const isOpen = job.holders.has(unit) && job.units.state[unit] === UNIT.open;
    if (isOpen && refusal(scheduler, job, device, participants(job, unit)) !== null) continue;
    list.splice(at, 1);
    if (!isOpen) continue;
    job.holders.add(unit, device.number);
    return unit;
  }
  return null;
};
