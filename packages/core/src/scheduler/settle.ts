import type { JudgedItem } from '../facts/job-fact.ts';
import { agreements } from '../job/agreements.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { openUnits } from '../leases/lease.ts';
import { judgeLate } from './ask.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

/** Verdicts on a unit's unjudged results, `group` being right. Those that are not sorted yet are judged as late ones. */
const judgementOf = (job: Job, unit: number, group: readonly number[]): JudgedItem => {
  const { groups } = agreements(job, unit);
  const wrong = new Set(groups.filter((other) => other[0] !== group[0]).flat());
  const right = new Set(group);
  const item: JudgedItem = { unit, canonical: 0, verdicts: [] };
  let ordinal = -1;
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) {
    ordinal += 1;
    if (at === group[0]) item.canonical = ordinal;
    if (right.has(at)) item.verdicts.push({ ordinal, verdict: 'valid' });
    else if (wrong.has(at)) item.verdicts.push({ ordinal, verdict: 'invalid' });
  }
  return item;
};

/** A device that returned a wrong result is to be caught; `right` are those that spoke against it. */
export const accuse = (scheduler: Scheduler, job: Job, device: number, right: readonly number[]): void => {
  const own = scheduler.devices.get(device)?.class;
  const isForeign = (other: number): boolean => scheduler.devices.get(other)?.class !== own;
  const byOthers = job.spec.policy.kind !== 'check' && job.spec.comparison.kind === 'bytes';
  const foreign = byOthers && right.length > 0 && right.every(isForeign);
  scheduler.accused.push({ job: job.number, device, foreign });
};

/** Leases all units of which are validated are of no use to anybody: their tabs are told. */
const dismiss = (scheduler: Scheduler, job: Job, unit: number): void => {
  for (const device of job.holders.get(unit) ?? []) {
    for (const lease of scheduler.leasesOf.get(device) ?? []) {
      if (lease.job !== job.number || !lease.units.includes(unit)) continue;
      let isOpen = false;
      for (const member of openUnits(lease)) isOpen ||= job.units.state[member.unit] !== UNIT.validated;
      if (isOpen) continue;
      const vain = scheduler.vain.get(device);
      if (vain === undefined) scheduler.vain.set(device, new Set([lease.number]));
      else vain.add(lease.number);
    }
  }
};

/** What follows from verdicts: who is to be caught, whose results may be final now, what classes of devices agree. */
export const followUp = (scheduler: Scheduler, job: Job, item: JudgedItem): void => {
  const head = job.units.head[item.unit]!;
  const right: number[] = [];
  const wrong: number[] = [];
  for (const { ordinal, verdict } of item.verdicts) {
    const device = job.attempts.device[job.attempts.nth(head, ordinal)]!;
    (verdict === 'valid' ? right : wrong).push(device);
  }
  const canonical = job.attempts.device[job.units.canonical[item.unit]!]!;
  // A program's own check compares nothing.
  const known = job.spec.policy.kind === 'check' ? undefined : scheduler.devices.get(canonical)?.class;
  for (const [devices, agreed] of [
    [right, true],
    [wrong, false],
  ] as const) {
    for (const device of devices) {
      const other = scheduler.devices.get(device)?.class;
      if (device !== canonical && known !== undefined && other !== undefined) job.classes.add(known, other, agreed);
    }
  }
  if (right.length === 0) right.push(canonical);
  for (const device of wrong) accuse(scheduler, job, device, right);
  for (const device of right) suspectDue(scheduler, job, device);
};

/** Something on which the device's provisional results wait was decided: they are looked at after this command. */
export const suspectDue = (scheduler: Scheduler, job: Job, device: number): void => {
  if (job.accounts.get(device)?.ledger.isEmpty === false) scheduler.due.push({ job: job.number, device });
};

/** A unit has its canonical result. */
export const settle = (
  scheduler: Scheduler,
  job: Job,
  unit: number,
  group: readonly number[],
  now: number,
  effects: Effects,
): void => {
  const item = judgementOf(job, unit, group);
  record(effects, job, { kind: 'judged', at: now, items: [item] });
  job.pace.add(now, 1);
  followUp(scheduler, job, item);
  dismiss(scheduler, job, unit);
  judgeLate(job, unit, effects);
};
