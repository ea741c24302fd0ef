import type { AttemptRef, ErroredItem, JobFact, JudgedItem, ReturnedItem } from '../facts/job-fact.ts';
import { ATTEMPT } from './attempts.ts';
import { identityOf } from './identity.ts';
import type { Job } from './job.ts';
import { accountOf, isComplete } from './job.ts';
import { UNIT } from './units.ts';

/** A fact that cannot follow the ones before it: the log is not this job's, or the core is wrong. */
export class IllegalFact extends Error {
  override readonly name = 'IllegalFact';
}

const illegal = (job: Job, fact: string, story: string): never => {
  throw new IllegalFact(`job ${job.number}: ${fact}: ${story}`);
};

const addAttempt = (job: Job, item: { unit: number }, device: number, ref: AttemptRef, state: 0 | 4): number => {
  const { units, attempts } = job;
  const head = units.head[item.unit]!;
  const at = attempts.add(head, item.unit, device, ref, state);
  if (head === -1) units.head[item.unit] = at;
  return at;
};

const hasReturned = (job: Job, unit: number): boolean => {
  for (const at of job.attempts.list(job.units.head[unit]!))
    if (job.attempts.state[at] === ATTEMPT.returned) return true;
  return false;
};

const applyReturned = (job: Job, item: ReturnedItem, device: number, ref: AttemptRef): void => {
  if (job.units.state[item.unit] === UNIT.open && !hasReturned(job, item.unit)) job.waitingUnits += 1;
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

const applyJudged = (job: Job, item: JudgedItem, at: number): void => {
  const { units, attempts, counts } = job;
  const head = units.head[item.unit]!;
  if (item.canonical !== null) {
    if (units.state[item.unit] !== UNIT.open) illegal(job, 'judged', `unit ${item.unit} is settled already`);
    if (hasReturned(job, item.unit)) job.waitingUnits -= 1;
    units.state[item.unit] = UNIT.validated;
    units.canonical[item.unit] = attempts.nth(head, item.canonical);
    counts.validated += 1;
    if (isComplete(job)) job.completedAt = at;
  }
  for (const { ordinal, verdict } of item.verdicts) {
    const attempt = attempts.nth(head, ordinal);
    if (attempt === -1 || attempts.state[attempt] !== ATTEMPT.returned) {
      illegal(job, 'judged', `attempt ${ordinal} of unit ${item.unit} does not wait for a judgement`);
    }
    attempts.state[attempt] = ATTEMPT[verdict];
    job.identities.delete(attempt);
    const account = accountOf(job, attempts.device[attempt]!);
    counts[verdict] += 1;
    account.waiting -= 1;
    account[verdict] += 1;
    if (verdict === 'valid') account.credit += job.spec.credit;
  }
};

const applyFailed = (job: Job, unit: number, reason: string, at: number): void => {
  const { units, attempts, counts } = job;
  if (units.state[unit] !== UNIT.open) illegal(job, 'failed', `unit ${unit} is settled already`);
  if (hasReturned(job, unit)) job.waitingUnits -= 1;
  units.state[unit] = UNIT.failed;
  job.failures.set(unit, reason);
  counts.failed += 1;
  for (const attempt of attempts.list(units.head[unit]!)) {
    if (attempts.state[attempt] !== ATTEMPT.returned) continue;
    attempts.state[attempt] = ATTEMPT.inconclusive;
    job.identities.delete(attempt);
    counts.inconclusive += 1;
    const account = accountOf(job, attempts.device[attempt]!);
    account.waiting -= 1;
    account.inconclusive += 1;
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
      for (const item of fact.items) applyJudged(job, item, fact.at);
      return;
    case 'failed':
      return applyFailed(job, fact.unit, fact.reason, fact.at);
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
