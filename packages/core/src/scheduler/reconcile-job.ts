import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { fellows, recordOf } from '../trust/record.ts';
import { aftermath, distrust } from './aftermath.ts';
import { judgeLate } from './ask.ts';
import { reconcileUnit } from './reconcile.ts';
import { accuse } from './settle.ts';
import type { Effects, Scheduler } from './state.ts';

/**
 * A catch is written to the log of every job in which the device has something to lose. One that a crash has cut off in
 * between is made good: what was earned before a catch, in whatever job, is worth nothing after it.
 */
const catchAgain = (scheduler: Scheduler, job: Job, now: number, effects: Effects): void => {
  for (const [device, { invalid, caught }] of job.accounts) {
    if (invalid > 0 && caught === 0) accuse(scheduler, job, device, []);
    if (recordOf(scheduler, device).caught === 0) continue;
    const person = [device, ...fellows(scheduler, device)];
    const jobs = [...scheduler.jobs.values()];
    const times = jobs.flatMap((each) => person.map((one) => each.accounts.get(one)?.caughtAt ?? 0));
    const last = Math.max(...times, ...person.map((one) => scheduler.past.caughtAt(one)));
    for (const one of person) scheduler.past.lose(one, last);
    for (const each of jobs) {
      for (const one of person) {
        const earnedAt = each.accounts.get(one)?.earnedAt ?? 0;
        if (earnedAt === 0 || earnedAt >= last) continue;
        distrust(scheduler, each, one, { here: false, foreign: false }, now, effects);
      }
    }
  }
};

/** Agreement between classes of devices is volatile: it is counted again from the verdicts. */
const countClasses = (scheduler: Scheduler, job: Job): void => {
  const { units, attempts } = job;
  for (let unit = 0; unit < units.length; unit++) {
    const canonical = units.canonical[unit]!;
    if (units.state[unit] !== UNIT.validated || attempts.next[units.head[unit]!] === -1) continue;
    const own = scheduler.devices.get(attempts.device[canonical]!)?.class;
    for (const at of attempts.list(units.head[unit]!)) {
      const other = scheduler.devices.get(attempts.device[at]!)?.class;
      const state = attempts.state[at]!;
      if (at === canonical || own === undefined || other === undefined) continue;
      if (state === ATTEMPT.valid || state === ATTEMPT.invalid) job.classes.add(own, other, state === ATTEMPT.valid);
    }
  }
};

/** After a replay, or at any time: queues what is missing, and asks again what was not answered. */
export const reconcileJob = (scheduler: Scheduler, job: Job, now: number, effects: Effects): void => {
  const { units } = job;
  // Whatever was cut may have been leased.
  job.fresh = units.length;
  job.asked.clear();
  for (let unit = 0; unit < units.length; unit++) {
    reconcileUnit(scheduler, job, unit, now, effects);
    judgeLate(job, unit, effects);
  }
  countClasses(scheduler, job);
  catchAgain(scheduler, job, now, effects);
  for (const device of job.accounts.keys()) scheduler.due.push({ job: job.number, device });
  aftermath(scheduler, now, effects);
};
