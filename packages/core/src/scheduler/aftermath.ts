import type { JudgedItem } from '../facts/job-fact.ts';
import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { checksToGo, LATER_CHECKS } from '../trust/odds.ts';
import { fellows, recordIn } from '../trust/record.ts';
import { judgeLate } from './ask.ts';
import { reconcileUnit } from './reconcile.ts';
import type { Accusation, Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/**
 * Takes back the credit of a caught device's results that no device which was not caught has confirmed. Where one
 * result was enough by the job's own policy there was nothing to confirm.
 */
const revokeCredit = (scheduler: Scheduler, job: Job, device: number, now: number, effects: Effects): void => {
  const { policy } = job.spec;
  if (policy.kind !== 'adaptive' && !(policy.kind === 'quorum' && policy.quorum > 1)) return;
  const { attempts, units } = job;
  const items: { unit: number; ordinals: number[] }[] = [];
  const seen = new Set<number>();
  for (let at = 0; at < attempts.length; at++) {
    if (attempts.device[at] !== device || attempts.state[at] !== ATTEMPT.valid) continue;
    const unit = attempts.unit[at]!;
    if (seen.has(unit)) continue;
    seen.add(unit);
    const ordinals: number[] = [];
    let isConfirmed = false;
    let ordinal = -1;
    for (const other of attempts.list(units.head[unit]!)) {
      ordinal += 1;
      if (attempts.state[other] !== ATTEMPT.valid) continue;
      ordinals.push(ordinal);
      isConfirmed ||= scheduler.book.caught(attempts.device[other]!) === 0;
    }
    // A result that became final on the device's word alone has survived later checks: it is final, and so is its credit.
    if (!isConfirmed && ordinals.length > 1) items.push({ unit, ordinals });
  }
  if (items.length > 0) record(effects, job, { kind: 'revoked', at: now, items });
};

/** All that stands on a device's word in a job is open again. */
export const distrust = (
  scheduler: Scheduler,
  job: Job,
  device: number,
  how: { here: boolean; foreign: boolean },
  now: number,
  effects: Effects,
): void => {
  const account = job.accounts.get(device);
  if (!how.here && (account === undefined || (account.survived === 0 && account.ledger.isEmpty))) return;
  const units = account?.ledger.attempts().map((attempt) => job.attempts.unit[attempt]!) ?? [];
  record(effects, job, { kind: 'caught', at: now, device, ...how });
  for (const unit of units) reconcileUnit(scheduler, job, unit, now, effects);
};

const catchDevice = (scheduler: Scheduler, accusation: Accusation, now: number, effects: Effects): void => {
  const { device, foreign } = accusation;
  const origin = scheduler.jobs.get(accusation.job);
  if (origin === undefined) return;
  distrust(scheduler, origin, device, { here: true, foreign }, now, effects);
  if (foreign) return;
  for (const one of [device, ...fellows(scheduler, device)]) scheduler.past.lose(one, Number.POSITIVE_INFINITY);
  for (const job of scheduler.jobs.values()) {
    if (job !== origin) distrust(scheduler, job, device, { here: false, foreign }, now, effects);
    for (const fellow of fellows(scheduler, device)) {
      distrust(scheduler, job, fellow, { here: false, foreign }, now, effects);
    }
    if (job.accounts.has(device)) revokeCredit(scheduler, job, device, now, effects);
  }
};

/** Provisional results of a device that have survived their later checks become final, in one fact. */
const finalise = (scheduler: Scheduler, job: Job, device: number, now: number, effects: Effects): void => {
  const items: JudgedItem[] = [];
  const { policy } = job.spec;
  if (policy.kind !== 'adaptive') return;
  if (checksToGo(recordIn(scheduler, job, device), scheduler.book.liars, policy.maxErrorRate) > 0) return;
  for (const attempt of job.accounts.get(device)?.ledger.settled(LATER_CHECKS) ?? []) {
    const unit = job.attempts.unit[attempt]!;
    if (job.units.state[unit] !== UNIT.provisional) continue;
    const canonical = job.attempts.ordinalOf(job.units.head[unit]!, attempt);
    items.push({ unit, canonical, verdicts: [{ ordinal: canonical, verdict: 'valid' }] });
  }
  if (items.length === 0) return;
  record(effects, job, { kind: 'judged', at: now, items });
  job.pace.add(now, items.length);
  for (const { unit } of items) judgeLate(job, unit, effects);
};

/**
 * What follows from a command's verdicts, to be called at the end of each: wrong results catch their devices, which
 * reopens units and may settle and accuse further; survived checks make provisional results final.
 */
export const aftermath = (scheduler: Scheduler, now: number, effects: Effects): void => {
  const { accused, due } = scheduler;
  while (accused.length > 0 || due.length > 0) {
    const accusation = accused.shift();
    if (accusation !== undefined) {
      catchDevice(scheduler, accusation, now, effects);
      continue;
    }
    const { job: number, device } = due.shift()!;
    const job = scheduler.jobs.get(number);
    if (job !== undefined) finalise(scheduler, job, device, now, effects);
  }
};
