import type { Scheduler } from '../scheduler/state.ts';
import type { AttemptRow } from './unit.ts';
import { ATTEMPT_STATES } from './unit.ts';

/** A place in the attempts of all jobs: the next one to look at is the one at `at` of the job numbered `job`, or after. */
export interface AttemptPlace {
  job: number;
  at: number;
}

export interface DeviceAttempt extends AttemptRow {
  job: number;
  unit: number;
}

/** Records that are looked at for one page: a few ms. */
const MOST_LOOKS = 1 << 20;

/**
 * The attempts that came back from a device, by job and in the order of their coming, at most `limit`; and where to go
 * on, null at the end. A page costs no more than a bounded number of looks, so it may hold less than there is to come.
 */
export const attemptsOf = (
  scheduler: Scheduler,
  device: number,
  from: AttemptPlace,
  limit: number,
  mostLooks = MOST_LOOKS,
): { items: DeviceAttempt[]; next: AttemptPlace | null } => {
  const items: DeviceAttempt[] = [];
  let looks = 0;
  const jobs = [...scheduler.jobs.keys()].filter((job) => job >= from.job).sort((a, b) => a - b);
  for (const number of jobs) {
    const job = scheduler.jobs.get(number)!;
    if (!job.accounts.has(device)) continue;
    const { attempts } = job;
    for (let at = number === from.job ? from.at : 0; at < attempts.length; at++) {
      if (items.length === limit || looks++ === mostLooks) return { items, next: { job: number, at } };
      if (attempts.device[at] !== device) continue;
      items.push({
        job: number,
        unit: attempts.unit[at]!,
        epoch: attempts.epoch[at]!,
        lease: attempts.lease[at]!,
        offset: attempts.offset[at]!,
        device,
        state: ATTEMPT_STATES[attempts.state[at]!]!,
      });
    }
  }
  return { items, next: null };
};
