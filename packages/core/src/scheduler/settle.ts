import type { JudgedItem } from '../facts/job-fact.ts';
import { judgementOf } from '../job/judgement.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { openUnits } from '../leases/lease.ts';
import { judgeLate } from './ask.ts';
import type { Effects, Scheduler } from './state.ts';
import { record } from './state.ts';

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
  if (!job.holders.has(unit)) return;
  for (const device of job.holders.of(unit)) {
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
  const compare = (device: number, agreed: boolean): void => {
    const other = device === canonical ? undefined : scheduler.devices.get(device)?.class;
    if (known !== undefined && other !== undefined) job.classes.add(known, other, agreed);
  };
  for (const device of right) compare(device, true);
  for (const device of wrong) compare(device, false);
  if (right.length === 0) right.push(canonical);
  for (const device of wrong) accuse(scheduler, job, device, right);
  for (const device of right) suspectDue(scheduler, job, device);
};

/** Something on which the device's provisional results wait was decided: they are looked at after this command. */
export const suspectDue = (scheduler: Scheduler, job: Job, device: number): void => {
  if (job.accounts.get(device)?.ledger.isEmpty === false) scheduler.due.push({ job: job.number, device });
};

/** A unit has its canonical result: `group`, of all `groups` of results that agree, is right. */
export const settle = (
  scheduler: Scheduler,
  job: Job,
  unit: number,
  group: readonly number[],
  groups: readonly (readonly number[])[],
  now: number,
  effects: Effects,
): void => {
  const item = judgementOf(job, unit, group, groups);
  record(effects, job, { kind: 'judged', at: now, items: [item] });
  job.pace.add(now, 1);
  followUp(scheduler, job, item);
  dismiss(scheduler, job, unit);
  judgeLate(job, unit, effects);
};
