import { failureOf } from '@gossamer/protocol';
import { agreements } from '../job/agreements.ts';
import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { needOf, triesOf } from '../job/need.ts';
import { LANE } from '../job/ready.ts';
import { headOfRound } from '../job/rounds.ts';
import { UNIT } from '../job/units.ts';
import { NO_RESULTS } from '../rules/agreements.ts';
import { standingIn } from '../trust/standing.ts';
import { ask } from './ask.ts';
import { JobEvidence } from './evidence.ts';
import { settle, suspectDue } from './settle.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';
import { tierObstacle } from './tier.ts';

/**
 * Devices that take part in a unit: those whose result counts, and those that hold a lease on it. Once the program has
 * failed `maxErrors` times, those on which it did, too: only another one can tell whether it was the device.
 */
export const participants = (job: Job, unit: number): number[] => {
  const devices: number[] = [];
  for (const device of job.holders.of(unit)) if (!devices.includes(device)) devices.push(device);
  const { attempts, units, spec } = job;
  const withErrors = units.errors[unit]! >= spec.limits.maxErrors;
  for (let at = headOfRound(job, unit); at !== -1; at = attempts.next[at]!) {
    if (!withErrors && attempts.state[at] === ATTEMPT.errored) continue;
    const device = attempts.device[at]!;
    if (!devices.includes(device)) devices.push(device);
  }
  return devices;
};

/** All errors are of one device, and another one tries it now, or is connected, may try it, and has had no part in it. */
const mayBeTheDevice = (scheduler: Scheduler, job: Job, unit: number): boolean => {
  const erred = new Set<number>();
  for (const at of job.attempts.list(headOfRound(job, unit))) {
    if (job.attempts.state[at] === ATTEMPT.errored) erred.add(job.attempts.device[at]!);
  }
  if (erred.size !== 1) return false;
  // After a start it may be that nobody has come back yet.
  if (scheduler.sessionOf.size === 0) return true;
  if (job.holders.of(unit).some((device) => !erred.has(device))) return true;
  const involved = participants(job, unit);
  for (const device of scheduler.sessionOf.keys()) {
    if (!involved.includes(device) && tierObstacle(job, scheduler.devices.get(device)!) === null) return true;
  }
  return false;
};

/** Why the unit can come to no good end, or null. */
const hopeless = (scheduler: Scheduler, job: Job, unit: number, lastError: string | null): string | null => {
  const { maxErrors, maxAttempts } = job.spec.limits;
  const errors = job.units.errors[unit]!;
  if (errors >= maxErrors && !mayBeTheDevice(scheduler, job, unit)) {
    const text = lastError === null ? '' : ` Last error: ${failureOf(lastError).message}`;
    return `The program failed ${errors} ${errors === 1 ? 'time' : 'times'}.${text}`;
  }
  if (job.holders.has(unit) || triesOf(job, unit) < maxAttempts) return null;
  const { policy } = job.spec;
  const many = policy.kind === 'quorum' ? `${policy.quorum} ` : '';
  const what = policy.kind === 'check' ? 'No result passes the check' : `No ${many}results agree`;
  return `${what} after ${maxAttempts} attempts.`;
};

/** Checks of credible devices' results stand in a lane of their own: newcomers prove themselves on them. */
export const queue = (scheduler: Scheduler, job: Job, unit: number): void => {
  const devices = participants(job, unit);
  const isCheck =
    job.rule.byStanding &&
    devices.length > 0 &&
    devices.every((device) => standingIn(scheduler, job, device) === 'credible');
  job.ready.push(unit, devices, isCheck ? LANE.checks : LANE.work);
};

const others = (job: Job, unit: number): number[] => {
  const found: number[] = [];
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) {
    if (job.attempts.state[at] === ATTEMPT.returned && at !== job.units.canonical[unit]) found.push(at);
  }
  return found;
};

/** A provisional unit of which another device has returned a result since is open again. */
const contest = (scheduler: Scheduler, job: Job, unit: number, now: number, effects: Effects): void => {
  const accepted = job.units.canonical[unit]!;
  const isHeard = (at: number): boolean => standingIn(scheduler, job, job.attempts.device[at]!) !== 'caught';
  if (!others(job, unit).some(isHeard)) return;
  const item = { unit, ordinal: job.attempts.ordinalOf(job.units.head[unit]!, accepted) };
  record(effects, job, { kind: 'audited', at: now, device: job.attempts.device[accepted]!, items: [item] });
};

/** True when the unit is decided for now. */
const decide = (
  scheduler: Scheduler,
  job: Job,
  unit: number,
  fresh: number,
  now: number,
  effects: Effects,
): boolean => {
  const head = job.units.head[unit]!;
  const found = head === -1 ? NO_RESULTS : agreements(job, unit);
  ask(job, unit, found, effects);
  const decision = job.rule.decide(found, new JobEvidence(scheduler, job), fresh);
  switch (decision.kind) {
    case 'wait':
      return false;
    case 'validate':
      settle(scheduler, job, unit, decision.group, found.groups, now, effects);
      return true;
    case 'accept':
    case 'check': {
      const device = job.attempts.device[decision.attempt]!;
      const items = [{ unit, ordinal: job.attempts.ordinalOf(head, decision.attempt) }];
      const kind = decision.kind === 'accept' ? 'accepted' : 'audited';
      record(effects, job, { kind, at: now, device, items });
      return decision.kind === 'accept';
    }
  }
};

/** What a look at a unit may know of what has just happened to it. */
export interface Occasion {
  /** The attempt that has just returned. */
  fresh?: number;
  /** Text of the error that has just come. */
  error?: string;
}

/**
 * Looks at one unit anew, decides what is missing, and does it: judges, fails or queues it. Level-triggered: done
 * twice it changes nothing the second time. A settled unit's late results are put to the judge.
 */
export const reconcileUnit = (
  scheduler: Scheduler,
  job: Job,
  unit: number,
  now: number,
  effects: Effects,
  { fresh = -1, error }: Occasion = {},
): void => {
  if (job.order.kind === 'cancelled') return;
  if (job.units.state[unit] === UNIT.provisional) contest(scheduler, job, unit, now, effects);
  if (job.units.state[unit] !== UNIT.open) return;
  if (decide(scheduler, job, unit, fresh, now, effects)) return job.ready.drop(unit);
  const reason = hopeless(scheduler, job, unit, error ?? null);
  if (reason !== null) {
    record(effects, job, { kind: 'failed', at: now, unit, reason });
    job.suspects.delete(unit);
    for (const at of job.attempts.list(job.units.head[unit]!)) suspectDue(scheduler, job, job.attempts.device[at]!);
    return job.ready.drop(unit);
  }
  const { maxErrors } = job.spec.limits;
  if (job.units.errors[unit]! >= maxErrors && !job.suspects.has(unit)) job.suspects.set(unit, now);
  if (needOf(job, unit) === 0) return job.ready.drop(unit);
  queue(scheduler, job, unit);
  effects.wake = true;
};
