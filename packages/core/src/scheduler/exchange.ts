import type { LeaseRef, LeaseTicket, ReportStatus } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Session } from '../leases/session.ts';
import { closeLease } from '../leases/close.ts';
import { aftermath } from './aftermath.ts';
import { grantLease } from './dispatch.ts';
import { silence } from './issue.ts';
import { loseLease } from './lose.ts';
import { leaseOf, recallLease } from './recall.ts';
import type { Report } from './report.ts';
import { takeReport } from './report.ts';
import type { Effects, Scheduler } from './state.ts';
import { mayHold } from './tier.ts';

/** A lease that a tab says it holds. */
export interface Held {
  lease: LeaseRef;
  /** Run time so far, ms. */
  runMs: number;
  /** Of a lease that an earlier epoch issued, when its MAC is right for this device. */
  ticket?: LeaseTicket | null;
}

export interface ExchangeCommand {
  /** Free slots. */
  slots: number;
  held: readonly Held[];
  reports: readonly Report[];
}

export interface ExchangeAnswer {
  statuses: ReportStatus[];
  granted: Lease[];
  /** Leases that the tab holds in vain. */
  revoked: LeaseRef[];
  /** There was nothing to give: the exchange waits for work (`serveParked`) unless the gateway has a reason to answer. */
  parked: boolean;
}

/** A tab holds so many leases for each slot, at the most: one that runs, and one that is made ready to follow it. */
const LEASES_PER_SLOT = 2;

/** Leases that the device was given and does not know of: its last answer was lost, or its page was reloaded. */
const resendLost = (
  scheduler: Scheduler,
  session: Session,
  command: ExchangeCommand,
  now: number,
  effects: Effects,
): Lease[] => {
  const epoch = scheduler.options.epoch;
  const known = new Set<number>();
  for (const { lease: ref } of command.held) {
    const lease = leaseOf(scheduler, ref);
    if (lease !== undefined) known.add(lease.number);
  }
  for (const report of command.reports) if (report.epoch === epoch) known.add(report.lease);
  const again: Lease[] = [];
  for (const lease of [...(scheduler.leasesOf.get(session.device) ?? [])]) {
    if (known.has(lease.number)) continue;
    if (again.length < LEASES_PER_SLOT * command.slots && mayHold(scheduler, lease)) {
      lease.runMs = 0;
      lease.expiresAt = now + silence(scheduler.options.timing.heartbeatMs);
      again.push(lease);
    } else {
      loseLease(scheduler, lease, 'abandoned', now, effects);
    }
  }
  return again;
};

/** Signs of life of the leases that the tab names; those of an earlier start are taken up again. Gives what is held in vain. */
const keepAlive = (
  scheduler: Scheduler,
  device: Device,
  held: readonly Held[],
  now: number,
  effects: Effects,
): LeaseRef[] => {
  const { epoch, timing } = scheduler.options;
  const revoked: LeaseRef[] = [];
  const vain = scheduler.vain.get(device.number);
  const stillVain = new Set<number>();
  for (const { lease: ref, runMs, ticket = null } of held) {
    let lease = leaseOf(scheduler, ref);
    if (lease === undefined && ticket !== null && ref.epoch < epoch) {
      lease = recallLease(scheduler, device, ticket, now, effects) ?? undefined;
      if (lease === undefined) revoked.push(ref);
    }
    const isOwn = lease?.device === device.number;
    const number = lease?.number ?? (ref.epoch === epoch ? ref.number : 0);
    if (vain?.has(number) === true) {
      stillVain.add(number);
      revoked.push(ref);
      if (lease !== undefined && isOwn) closeLease(scheduler, lease);
      continue;
    }
    if (lease === undefined || !isOwn) continue;
    lease.runMs = Math.max(lease.runMs, runMs);
    lease.expiresAt = now + silence(timing.heartbeatMs);
  }
  // What the tab no longer names, it has ended.
  if (stillVain.size > 0) scheduler.vain.set(device.number, stillVain);
  else scheduler.vain.delete(device.number);
  return revoked;
};

const grantAll = (
  scheduler: Scheduler,
  session: Session,
  device: Device,
  slots: number,
  now: number,
  effects: Effects,
): Lease[] => {
  const granted: Lease[] = [];
  const held = () => scheduler.leasesOf.get(device.number)?.size ?? 0;
  while (granted.length < slots && held() < LIMITS.slots) {
    const lease = grantLease(scheduler, device, now, effects);
    if (lease === null) break;
    granted.push(lease);
  }
  return granted;
};

/**
 * The one hot command: takes a session's reports and heartbeats, and grants leases for its free slots. Results are
 * judged before new work is given out.
 */
export const exchange = (
  scheduler: Scheduler,
  session: Session,
  command: ExchangeCommand,
  now: number,
  effects: Effects,
): ExchangeAnswer => {
  const device = scheduler.devices.get(session.device)!;
  scheduler.parked.delete(session.number);
  session.parked = 0;
  const statuses = command.reports.map((report) => takeReport(scheduler, device, report, now, effects));
  aftermath(scheduler, now, effects);
  const revoked = keepAlive(scheduler, device, command.held, now, effects);
  const again = session.fresh ? resendLost(scheduler, session, command, now, effects) : [];
  session.fresh = false;
  // A session that ended while its exchange was on the way gets nothing, and waits for nothing.
  const isOver = scheduler.sessions.get(session.number) !== session;
  const slots = isOver ? 0 : command.slots - again.length;
  const granted = [...again, ...grantAll(scheduler, session, device, slots, now, effects)];
  const parked = !isOver && command.slots > 0 && granted.length === 0;
  if (parked) {
    session.parked = command.slots;
    scheduler.parked.add(session.number);
  }
  return { statuses, granted, revoked, parked };
};

/** Gives up waiting for work: the parked exchange is to be answered with nothing. */
export const unpark = (scheduler: Scheduler, session: Session): void => {
  scheduler.parked.delete(session.number);
  session.parked = 0;
};

/** Serves parked sessions with what became ready, the one that has waited longest first; each served one waits no more. */
export const serveParked = (
  scheduler: Scheduler,
  now: number,
  effects: Effects,
): { session: Session; granted: Lease[] }[] => {
  const served: { session: Session; granted: Lease[] }[] = [];
  for (const number of [...scheduler.parked]) {
    const session = scheduler.sessions.get(number)!;
    const device = scheduler.devices.get(session.device)!;
    const granted = grantAll(scheduler, session, device, session.parked, now, effects);
    if (granted.length === 0) continue;
    unpark(scheduler, session);
    served.push({ session, granted });
  }
  return served;
};
