import { agreements } from '../job/agreements.ts';
import type { Job } from '../job/job.ts';
import type { Straggler } from '../job/straggler.ts';
import { UNIT } from '../job/units.ts';
import { openUnits } from '../leases/lease.ts';
import { lookAgainMs } from './crowd.ts';
import { dueOf } from './due.ts';
import type { Scheduler } from './state.ts';

/** Copies of a unit beside the attempts that it wants, at the most. */
const MOST_COPIES = 3;

/** Attempts that the unit wants, with those that are leased. */
const wantedBy = (job: Job, unit: number): number => job.rule.need(agreements(job, unit));

/** Units that are out, the slowest at the end. One that wants two attempts is due with the second. */
export const stragglersOf = (scheduler: Scheduler, job: Job, now: number): Straggler[] => {
  if (now - job.stragglers.at < lookAgainMs(scheduler, now)) return job.stragglers.list;
  const dues = new Map<number, number[]>();
  for (const lease of scheduler.leases.values()) {
    if (lease.job !== job.number) continue;
    const due = dueOf(scheduler, job, lease, now);
    for (const { unit } of openUnits(lease)) {
      if (job.units.state[unit] !== UNIT.open) continue;
      const known = dues.get(unit);
      if (known === undefined) dues.set(unit, [due]);
      else known.push(due);
    }
  }
  const list: Straggler[] = [];
  for (const [unit, all] of dues) {
    const wanted = wantedBy(job, unit);
    if (wanted <= 0 || all.length >= wanted + MOST_COPIES) continue;
    all.sort((a, b) => (a < b ? -1 : 1));
    list.push({ unit, due: all[wanted - 1] ?? Number.POSITIVE_INFINITY });
  }
  list.sort((a, b) => (a.due === b.due ? 0 : a.due - b.due));
  job.stragglers = { at: now, list };
  return list;
};
