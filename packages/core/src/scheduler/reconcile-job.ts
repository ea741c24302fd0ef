import { ATTEMPT } from '../job/attempts.ts';
import type { Job } from '../job/job.ts';
import { UNIT } from '../job/units.ts';
import { aftermath } from './aftermath.ts';
import { judgeLate } from './ask.ts';
import { reconcileUnit } from './reconcile.ts';
import { accuse } from './settle.ts';
import type { Effects, Scheduler } from './state.ts';

/** A catch is written to each log of its own: one that a crash has cut off is made good. */
const catchAgain = (scheduler: Scheduler, job: Job): void => {
  for (const [device, account] of job.accounts) {
    const wrong = account.invalid;
    if (wrong > 0 && account.caught === 0) accuse(scheduler, job, device, []);
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
  let fresh = units.length;
  while (fresh > job.fresh && units.head[fresh - 1] === -1 && units.lost[fresh - 1] === 0) fresh -= 1;
  job.fresh = fresh;
  job.asked.clear();
  for (let unit = 0; unit < fresh; unit++) {
    reconcileUnit(scheduler, job, unit, now, effects);
    judgeLate(job, unit, effects);
  }
  countClasses(scheduler, job);
  catchAgain(scheduler, job);
  for (const device of job.accounts.keys()) scheduler.due.push({ job: job.number, device });
  aftermath(scheduler, now, effects);
};
