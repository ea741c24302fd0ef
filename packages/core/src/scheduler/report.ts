import type { AttemptReport, LeaseTicket, ReportStatus } from '@gossamer/protocol';
import {
  decodeResultBlob,
  isInBlob,
  LIMITS,
  OUTCOME,
  REPORT_STATUS,
  failureOf,
  failureText,
  lenientText,
  resultEncoding,
} from '@gossamer/protocol';
import type { ErroredItem, ReturnedItem } from '../facts/job-fact.ts';
import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { headOfRound } from '../job/rounds.ts';
import { UNIT } from '../job/units.ts';
import type { Device } from '../leases/devices.ts';
import { kinship } from '../leases/devices.ts';
import { settleMember } from '../leases/close.ts';
import { isOpenAt } from '../leases/lease.ts';
import { loseUnits } from './lose.ts';
import { hasRefused } from './refusals.ts';
import { judgeLate } from './ask.ts';
import { leaseOf } from './recall.ts';
import { reconcileUnit } from './reconcile.ts';
import { beginNext } from './issue.ts';
import { measure } from './measure.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** A lease's report, as the gateway hands it in: what it names of blobs was proved to have come from this attempt. */
export interface Report {
  epoch: number;
  lease: number;
  /** The lease's ticket, when the device sent one and its MAC is right for this device; else null. */
  ticket: LeaseTicket | null;
  attempts: AttemptReport[];
}

/** May this device's result of the unit count beside those that are there? Late work can come between. */
const isWelcome = (scheduler: Scheduler, job: Job, unit: number, device: Device): boolean => {
  for (let at = headOfRound(job, unit); at !== -1; at = job.attempts.next[at]!) {
    if (job.attempts.state[at] === ATTEMPT.errored) continue;
    const other = scheduler.devices.get(job.attempts.device[at]!);
    if (other !== undefined && kinship(device, other, job.independence) !== null) return false;
  }
  return true;
};

interface Sorted {
  returned: ReturnedItem[];
  errored: ErroredItem[];
  released: number[];
  /** Units whose result came, and may not count. */
  unwelcome: number[];
}

/** Leases are numbered from 1 in each epoch, and epochs grow. */
const wasIssued = ({ options, lastLease }: Scheduler, { epoch, lease }: Report): boolean =>
  lease > 0 && (epoch < options.epoch || (epoch === options.epoch && lease <= lastLease));

/** A ticket of another lease would make one attempt count as many. */
const isTicketOf = ({ ticket, epoch, lease }: Report): boolean =>
  ticket === null || (ticket.epoch === epoch && ticket.number === lease);

const sort = (sorted: Sorted, job: Job, unit: number, attempt: AttemptReport): void => {
  const { offset, runMs, outcome, body } = attempt;
  const encoding = resultEncoding(outcome);
  if (encoding !== null) {
    const limit = job.spec.limits.resultBytes;
    const size = isInBlob(encoding) ? decodeResultBlob(body).size : body.byteLength;
    if (size <= limit) {
      sorted.returned.push({ unit, offset, runMs, encoding, body });
      return;
    }
    const text = `The result has ${size} bytes; the job allows ${limit}.`;
    sorted.errored.push({ unit, offset, runMs, overran: false, text });
    return;
  }
  if (outcome === OUTCOME.errored) {
    const text = lenientText(body.subarray(0, LIMITS.errorText));
    sorted.errored.push({ unit, offset, runMs, overran: false, text });
  } else if (outcome === OUTCOME.overran) {
    const { log } = failureOf(lenientText(body.subarray(0, LIMITS.errorText)));
    const message = `It ran longer than its deadline of ${job.spec.limits.deadlineMs} ms.`;
    const text = log.length === 0 ? message : failureText({ phase: 'run', message, stack: '', log }, LIMITS.errorText);
    sorted.errored.push({ unit, offset, runMs, overran: true, text });
  } else {
    sorted.released.push(unit);
  }
};

/**
 * Takes in a lease's report. Idempotent: an attempt that was reported before changes nothing. Results of a lease
 * that expired, or that an earlier epoch issued, are welcome as long as their ticket proves them.
 */
export const takeReport = (
  scheduler: Scheduler,
  device: Device,
  report: Report,
  now: number,
  effects: Effects,
): ReportStatus => {
  if (!wasIssued(scheduler, report) || !isTicketOf(report)) return REPORT_STATUS.refused;
  const held = leaseOf(scheduler, { epoch: report.epoch, number: report.lease });
  if (held !== undefined && held.device !== device.number) return REPORT_STATUS.refused;
  if (held === undefined && report.ticket === null) return REPORT_STATUS.ticketNeeded;
  const units = held === undefined ? report.ticket!.units : held.units;
  const job = scheduler.jobs.get(held === undefined ? report.ticket!.job : held.job);
  if (job === undefined || report.attempts.some(({ offset }) => offset >= units.length)) return REPORT_STATUS.refused;

  const sorted: Sorted = { returned: [], errored: [], released: [], unwelcome: [] };
  // Of a lease of this start the members say what came already.
  const isOfNow = held !== undefined && held.recalled === null;
  const seen = isOfNow ? null : new Set<number>();
  const ran = { units: 0, ms: 0 };
  for (const attempt of report.attempts) {
    const { offset } = attempt;
    const unit = units[offset]!;
    const wasHeld = held !== undefined && isOpenAt(held, offset);
    if (held !== undefined) settleMember(scheduler, job, held, offset);
    if (
      (isOfNow && !wasHeld) ||
      seen?.has(offset) === true ||
      unit >= job.units.length ||
      job.order.kind === 'cancelled'
    )
      continue;
    seen?.add(offset);
    const state = job.units.state[unit]!;
    if (state === UNIT.failed || job.attempts.find(job.units.head[unit]!, report.epoch, report.lease, offset) !== -1)
      continue;
    const outcome = attempt.outcome;
    const isResult = resultEncoding(outcome) !== null;
    if (outcome === OUTCOME.released && !wasHeld) continue;
    if (state === UNIT.validated && !isResult) continue;
    if (isResult && !isWelcome(scheduler, job, unit, device)) {
      sorted.unwelcome.push(unit);
      continue;
    }
    if (outcome !== OUTCOME.released) {
      ran.units += 1;
      ran.ms += attempt.runMs;
    }
    sort(sorted, job, unit, attempt);
  }
  if (held !== undefined && held.open === 0) beginNext(scheduler, device.number, now);
  // How long ago a lease of another start was given is not known.
  if (isOfNow && ran.units > 0) {
    held.ran += ran.units;
    measure(scheduler, job, device.number, ran, { units: held.ran, elapsedMs: now - held.issuedAt });
  }
  const from = { device: device.number, epoch: report.epoch, lease: report.lease };
  const first = job.attempts.length;
  if (sorted.returned.length > 0) record(effects, job, { kind: 'returned', at: now, ...from, items: sorted.returned });
  if (sorted.errored.length > 0) record(effects, job, { kind: 'errored', at: now, ...from, items: sorted.errored });
  for (const [at, { unit }] of sorted.returned.entries()) {
    reconcileUnit(scheduler, job, unit, now, effects, { fresh: first + at });
    judgeLate(job, unit, effects);
  }
  for (const { unit, text } of sorted.errored) reconcileUnit(scheduler, job, unit, now, effects, { error: text });
  for (const unit of sorted.unwelcome) reconcileUnit(scheduler, job, unit, now, effects);
  if (sorted.released.length > 0) {
    const loss = hasRefused(scheduler, device.number, job.number, now) ? 'withdrawn' : 'abandoned';
    loseUnits(scheduler, job.number, sorted.released, loss, now, effects);
  }
  return REPORT_STATUS.accepted;
};
