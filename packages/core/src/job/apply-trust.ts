import type { JobFact, OrdinalItem, RevokedItem } from '../facts/job-fact.ts';
import { ATTEMPT } from './attempts.ts';
import { illegal } from './illegal.ts';
import type { Job } from './job.ts';
import { accountOf } from './job.ts';
import { UNIT } from './units.ts';

/**
 * A device's result was confirmed by another one's. Where replicas may be of one person's devices, that says nothing.
 * What the program's own `check` accepts is no comparison either: whoever wrote it decides.
 */
export const survive = (job: Job, device: number, at: number): void => {
  if (!job.independence.device || !job.independence.volunteer || job.spec.policy.kind === 'check') return;
  const account = accountOf(job, device);
  account.survived += 1;
  account.earnedAt ||= at;
  job.book?.add(device, 1, 0);
};

const attemptOf = (job: Job, { unit, ordinal }: OrdinalItem): number =>
  job.attempts.nth(unit < job.units.length ? job.units.head[unit]! : -1, ordinal);

export const applyAccepted = (job: Job, device: number, item: OrdinalItem, at: number): void => {
  const { unit } = item;
  const attempt = attemptOf(job, item);
  if (job.units.state[unit] !== UNIT.open) illegal(job, 'accepted', `unit ${unit} is not open`);
  if (attempt === -1 || job.attempts.state[attempt] !== ATTEMPT.returned || job.attempts.device[attempt] !== device) {
    illegal(job, 'accepted', `attempt ${item.ordinal} of unit ${unit} is no result of device ${device}`);
  }
  job.units.state[unit] = UNIT.provisional;
  job.units.canonical[unit] = attempt;
  job.counts.provisional += 1;
  const account = accountOf(job, device);
  account.ledger.accept(attempt);
  account.earnedAt ||= at;
};

/** A provisional unit is open again; its result still stands beside those to come. */
const reopen = (job: Job, unit: number): void => {
  job.units.state[unit] = UNIT.open;
  job.units.canonical[unit] = -1;
  job.counts.provisional -= 1;
};

export const applyAudited = (job: Job, device: number, items: readonly OrdinalItem[]): void => {
  const attempts = items.map((item) => attemptOf(job, item));
  for (const [at, { unit }] of items.entries()) {
    if (job.units.state[unit] !== UNIT.provisional) continue;
    if (job.units.canonical[unit] !== attempts[at])
      illegal(job, 'audited', `unit ${unit} stands on another device's word`);
    reopen(job, unit);
  }
  accountOf(job, device).ledger.check(attempts);
};

/** Gives how many units are open again. */
export const applyCaught = (job: Job, fact: JobFact & { kind: 'caught' }): number => {
  const account = accountOf(job, fact.device);
  const attempts = account.ledger.clear();
  for (const attempt of attempts) reopen(job, job.attempts.unit[attempt]!);
  job.book?.add(fact.device, -account.survived, fact.here && !fact.foreign ? 1 : 0);
  account.survived = 0;
  account.earnedAt = 0;
  if (fact.here && !fact.foreign) account.caughtAt = fact.at;
  if (fact.here) {
    account.caught += 1;
    job.counts.caught += 1;
  }
  if (fact.foreign) account.foreign += 1;
  job.counts.reopened += attempts.length;
  return attempts.length;
};

export const applyRevoked = (job: Job, { unit, ordinals }: RevokedItem): void => {
  for (const ordinal of ordinals) {
    const attempt = attemptOf(job, { unit, ordinal });
    if (attempt === -1 || job.attempts.state[attempt] !== ATTEMPT.valid) {
      illegal(job, 'revoked', `attempt ${ordinal} of unit ${unit} is not valid`);
    }
    job.attempts.state[attempt] = ATTEMPT.revoked;
    const account = accountOf(job, job.attempts.device[attempt]!);
    account.valid -= 1;
    account.revoked += 1;
    account.credit -= job.spec.credit;
    job.counts.valid -= 1;
    job.counts.revoked += 1;
  }
};
