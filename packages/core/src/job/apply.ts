import { decodeResultBlob, isInBlob, utf8 } from '@gossamer/protocol';
import type { JobFact, JudgedItem, Verdict } from '../facts/job-fact.ts';
import type { DeviceAccount } from '../trust/account.ts';
import { applyAccepted, applyAudited, applyCaught, applyRevoked, survive } from './apply-trust.ts';
import { ATTEMPT } from './attempts.ts';
import { applyAppended, applyClosed } from './apply-intake.ts';
import { areCompared, identityOf } from './identity.ts';
import { illegal } from './illegal.ts';
import type { Job } from './job.ts';
import { accountOf } from './job.ts';
import { applyRetried, noteEnd } from './rounds.ts';
import { UNIT } from './units.ts';

/** What the attempts of one fact share. */
type Origin = JobFact & { kind: 'returned' | 'errored' };

const addAttempt = (job: Job, unit: number, offset: number, { device, epoch, lease }: Origin, state: 0 | 4): number => {
  const { units, attempts } = job;
  const head = units.head[unit]!;
  const at = attempts.add(head, unit, device, epoch, lease, offset, state);
  if (head === -1) units.head[unit] = at;
  return at;
};

/** An open unit of which some result waits for others. */
const isWaiting = (job: Job, unit: number): boolean => {
  if (job.units.state[unit] !== UNIT.open) return false;
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) {
    if (job.attempts.state[at] === ATTEMPT.returned) return true;
  }
  return false;
};

const checkCut = (job: Job, unit: number): void => {
  if (unit >= job.units.length) illegal(job, 'attempt', `unit ${unit} was never cut`);
};

/** Keeps the count of units that wait, after a change to one that waited `before` or did not. */
const countWaiting = (job: Job, unit: number, before: boolean): void => {
  const after = isWaiting(job, unit);
  if (after !== before) job.waitingUnits += after ? 1 : -1;
};

const applyReturned = (job: Job, fact: JobFact & { kind: 'returned' }): void => {
  const account = accountOf(job, fact.device);
  const compared = areCompared(job.spec.policy);
  for (const { unit, offset, encoding, body } of fact.items) {
    checkCut(job, unit);
    const state = job.units.state[unit]!;
    if (state === UNIT.open && !isWaiting(job, unit)) job.waitingUnits += 1;
    const at = addAttempt(job, unit, offset, fact, ATTEMPT.returned);
    if (isInBlob(encoding)) job.blobs.set(at, decodeResultBlob(body));
    // What comes after the unit was settled is for the judge, who has the bytes.
    if (compared && (state === UNIT.open || state === UNIT.provisional)) {
      job.identities.set(at, identityOf(encoding, body, job.hash));
    }
    job.counts.returned += 1;
    job.resultBytes += body.byteLength;
    account.waiting += 1;
  }
};

const applyErrored = (job: Job, fact: JobFact & { kind: 'errored' }): void => {
  const { errors } = job.units;
  const account = accountOf(job, fact.device);
  for (const { unit, offset, text } of fact.items) {
    checkCut(job, unit);
    addAttempt(job, unit, offset, fact, ATTEMPT.errored);
    job.resultBytes += utf8(text).byteLength;
    errors[unit] = Math.min(255, errors[unit]! + 1);
    job.counts.errored += 1;
    account.errored += 1;
  }
};

/** Ends the wait of a result: it is judged. Gives its device's account. */
const conclude = (job: Job, attempt: number, verdict: Verdict): DeviceAccount => {
  job.attempts.state[attempt] = ATTEMPT[verdict];
  job.identities.delete(attempt);
  job.sameness.forget(attempt);
  if (job.units.canonical[job.attempts.unit[attempt]!] !== attempt) job.blobs.delete(attempt);
  job.counts[verdict] += 1;
  const account = accountOf(job, job.attempts.device[attempt]!);
  account.waiting -= 1;
  account[verdict] += 1;
  return account;
};

const applyJudged = (job: Job, item: JudgedItem, at: number): void => {
  const { units, attempts, counts } = job;
  const { unit, canonical, verdicts } = item;
  const head = units.head[unit]!;
  const accepted = units.state[unit] === UNIT.provisional ? units.canonical[unit]! : -1;
  if (canonical !== null) {
    if (units.state[unit] !== UNIT.open && accepted === -1) illegal(job, 'judged', `unit ${unit} is settled already`);
    if (accepted !== -1) counts.provisional -= 1;
    units.state[unit] = UNIT.validated;
    units.canonical[unit] = attempts.nth(head, canonical);
    counts.validated += 1;
    noteEnd(job, at);
  }
  let valid = 0;
  for (const { verdict } of verdicts) if (verdict === 'valid') valid += 1;
  const isCompared = canonical === null || valid > 1;
  for (const { ordinal, verdict } of verdicts) {
    const attempt = attempts.nth(head, ordinal);
    if (attempt === -1 || attempts.state[attempt] !== ATTEMPT.returned) {
      illegal(job, 'judged', `attempt ${ordinal} of unit ${unit} does not wait for a judgement`);
    }
    const account = conclude(job, attempt, verdict);
    if (attempt === accepted) account.ledger.settle(attempt);
    else account.ledger.decide(attempt, verdict === 'valid');
    if (verdict === 'valid') account.credit += job.spec.credit;
    if (isCompared || verdict === 'invalid') counts.checks += 1;
    if (verdict === 'invalid') counts.failedChecks += 1;
    if (verdict === 'valid' && isCompared) survive(job, attempts.device[attempt]!, at);
    else if (verdict === 'valid') {
      counts.single += 1;
      account.single += 1;
    }
  }
};

const applyFailed = (job: Job, unit: number, reason: string, at: number): void => {
  const { units, attempts, counts } = job;
  if (units.state[unit] !== UNIT.open) illegal(job, 'failed', `unit ${unit} is settled already`);
  units.state[unit] = UNIT.failed;
  job.failures.set(unit, reason);
  counts.failed += 1;
  for (const attempt of attempts.list(units.head[unit]!)) {
    if (attempts.state[attempt] !== ATTEMPT.returned) continue;
    conclude(job, attempt, 'inconclusive').ledger.decide(attempt, false);
  }
  noteEnd(job, at);
};

/** What was not judged by now never will be. */
const dropUndecided = (job: Job): void => {
  const { attempts, units } = job;
  for (const at of job.blobs.attempts()) if (units.canonical[attempts.unit[at]!] !== at) job.blobs.delete(at);
};

/** The fold: the only code that writes to the durable part of a job. Throws IllegalFact. */
export const applyFact = (job: Job, fact: JobFact): void => {
  switch (fact.kind) {
    case 'created':
      return illegal(job, 'created', 'a job is created once, by the first fact of its log');
    case 'appended':
      return applyAppended(job, fact);
    case 'closed':
      return applyClosed(job, fact.at);
    case 'cut':
      if (fact.upto <= job.units.length || fact.upto > job.total) illegal(job, 'cut', `up to ${fact.upto}`);
      job.units.extend(fact.upto);
      return;
    case 'returned':
      return applyReturned(job, fact);
    case 'errored':
      return applyErrored(job, fact);
    case 'judged':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        const before = isWaiting(job, item.unit);
        applyJudged(job, item, fact.at);
        countWaiting(job, item.unit, before);
      }
      return;
    case 'compared':
      for (const { unit, reference, candidate, same } of fact.items) {
        const head = job.units.head[unit]!;
        job.sameness.set(job.attempts.nth(head, candidate), job.attempts.nth(head, reference), same);
      }
      return;
    case 'accepted':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        const before = isWaiting(job, item.unit);
        applyAccepted(job, fact.device, item, fact.at);
        countWaiting(job, item.unit, before);
      }
      return;
    case 'audited':
      for (const { unit } of fact.items) if (job.units.state[unit] === UNIT.provisional) job.waitingUnits += 1;
      return applyAudited(job, fact.device, fact.items);
    case 'caught':
      job.waitingUnits += applyCaught(job, fact);
      return;
    case 'revoked':
      for (const item of fact.items) applyRevoked(job, item);
      return;
    case 'failed': {
      checkCut(job, fact.unit);
      const before = isWaiting(job, fact.unit);
      applyFailed(job, fact.unit, fact.reason, fact.at);
      countWaiting(job, fact.unit, before);
      return;
    }
    case 'lost':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        job.units.lost[item.unit] = Math.min(0xffff, job.units.lost[item.unit]! + item.expired + item.abandoned);
        job.counts.expired += item.expired;
        job.counts.abandoned += item.abandoned;
      }
      return;
    case 'withdrawn':
      for (const unit of fact.units) {
        checkCut(job, unit);
        job.counts.abandoned += 1;
      }
      return;
    case 'retried':
      for (const unit of fact.units) checkCut(job, unit);
      return applyRetried(job, fact.units);
    case 'held':
      job.order = { kind: 'held', reason: fact.reason };
      return;
    case 'released':
      job.order = { kind: 'run' };
      return;
    case 'cancelled':
      job.order = { kind: 'cancelled', reason: fact.reason, at: fact.at };
      return dropUndecided(job);
    case 'relaxed':
      job.independence = { device: fact.device, volunteer: fact.volunteer, prefix: fact.prefix };
      return;
  }
};
