import type { AttemptRef, ErroredItem, JobFact, JudgedItem, ReturnedItem } from '../facts/job-fact.ts';
import { applyAccepted, applyAudited, applyCaught, applyRevoked, survive } from './apply-trust.ts';
import { ATTEMPT } from './attempts.ts';
import { identityOf } from './identity.ts';
import { illegal } from './illegal.ts';
import type { Job } from './job.ts';
import { accountOf, isComplete } from './job.ts';
import { UNIT } from './units.ts';

const addAttempt = (job: Job, item: { unit: number }, device: number, ref: AttemptRef, state: 0 | 4): number => {
  const { units, attempts } = job;
  const head = units.head[item.unit]!;
  const at = attempts.add(head, item.unit, device, ref, state);
  if (head === -1) units.head[item.unit] = at;
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

/** Makes a change to a unit and keeps the count of those that wait. */
const keepWaiting = (job: Job, unit: number, change: () => void): void => {
  const before = isWaiting(job, unit);
  change();
  job.waitingUnits += Number(isWaiting(job, unit)) - Number(before);
};

const applyReturned = (job: Job, item: ReturnedItem, device: number, ref: AttemptRef): void => {
  if (job.units.state[item.unit] === UNIT.open && !isWaiting(job, item.unit)) job.waitingUnits += 1;
  const at = addAttempt(job, item, device, ref, ATTEMPT.returned);
  job.identities.set(at, identityOf(item.encoding, item.body, job.hash));
  job.counts.returned += 1;
  accountOf(job, device).waiting += 1;
};

const applyErrored = (job: Job, item: ErroredItem, device: number, ref: AttemptRef): void => {
  addAttempt(job, item, device, ref, ATTEMPT.errored);
  const errors = job.units.errors;
  errors[item.unit] = Math.min(255, errors[item.unit]! + 1);
  job.counts.errored += 1;
  accountOf(job, device).errored += 1;
};

/** Ends the wait of a result: it is judged. */
const conclude = (job: Job, attempt: number, verdict: 'valid' | 'invalid' | 'inconclusive'): void => {
  job.attempts.state[attempt] = ATTEMPT[verdict];
  job.identities.delete(attempt);
  job.sameness.forget(attempt);
  job.counts[verdict] += 1;
  const account = accountOf(job, job.attempts.device[attempt]!);
  account.waiting -= 1;
  account[verdict] += 1;
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
    if (isComplete(job)) job.completedAt = at;
  }
  const valid = verdicts.filter(({ verdict }) => verdict === 'valid').length;
  const isCompared = canonical === null || valid > 1;
  for (const { ordinal, verdict } of verdicts) {
    const attempt = attempts.nth(head, ordinal);
    if (attempt === -1 || attempts.state[attempt] !== ATTEMPT.returned) {
      illegal(job, 'judged', `attempt ${ordinal} of unit ${unit} does not wait for a judgement`);
    }
    conclude(job, attempt, verdict);
    const account = accountOf(job, attempts.device[attempt]!);
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
    conclude(job, attempt, 'inconclusive');
    accountOf(job, attempts.device[attempt]!).ledger.decide(attempt, false);
  }
  if (isComplete(job)) job.completedAt = at;
};

const checkCut = (job: Job, unit: number): void => {
  if (unit >= job.units.length) illegal(job, 'attempt', `unit ${unit} was never cut`);
};

/** The fold: the only code that writes to the durable part of a job. Throws IllegalFact. */
export const applyFact = (job: Job, fact: JobFact): void => {
  switch (fact.kind) {
    case 'created':
      return illegal(job, 'created', 'a job is created once, by the first fact of its log');
    case 'cut':
      if (fact.upto <= job.units.length || fact.upto > job.spec.total) illegal(job, 'cut', `up to ${fact.upto}`);
      job.units.extend(fact.upto);
      return;
    case 'returned':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        applyReturned(job, item, fact.device, { epoch: fact.epoch, lease: fact.lease, offset: item.offset });
      }
      return;
    case 'errored':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        applyErrored(job, item, fact.device, { epoch: fact.epoch, lease: fact.lease, offset: item.offset });
      }
      return;
    case 'judged':
      for (const item of fact.items) keepWaiting(job, item.unit, () => applyJudged(job, item, fact.at));
      return;
    case 'compared':
      for (const { unit, reference, candidate, same } of fact.items) {
        const head = job.units.head[unit]!;
        job.sameness.set(job.attempts.nth(head, candidate), job.attempts.nth(head, reference), same);
      }
      return;
    case 'accepted':
      for (const item of fact.items) keepWaiting(job, item.unit, () => applyAccepted(job, fact.device, item, fact.at));
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
    case 'failed':
      return keepWaiting(job, fact.unit, () => applyFailed(job, fact.unit, fact.reason, fact.at));
    case 'lost':
      for (const item of fact.items) {
        checkCut(job, item.unit);
        job.units.lost[item.unit] = Math.min(0xffff, job.units.lost[item.unit]! + item.expired + item.abandoned);
        job.counts.expired += item.expired;
        job.counts.abandoned += item.abandoned;
      }
      return;
    case 'held':
      job.order = { kind: 'held', reason: fact.reason };
      return;
    case 'released':
      job.order = { kind: 'run' };
      return;
    case 'cancelled':
      job.order = { kind: 'cancelled', reason: fact.reason };
      return;
    case 'relaxed':
      job.independence = { device: fact.device, volunteer: fact.volunteer, prefix: fact.prefix };
      return;
  }
};
