import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';
import { standingInGrid } from '../trust/standing.ts';
import type { Crowd, Scheduler, Slots } from './state.ts';
import { tierOf } from './tier.ts';

const FRESH_FOR_MS = 5000;
/** So few are counted again whenever one comes or goes. */
const FEW = 64;

/** What a job must know of every session or lease is found anew when it is so old, ms. */
const LOOK_AGAIN_MS = 500;
/** Sessions that are looked at a second for such things, over all jobs: with a thousand jobs each waits longer. */
const LOOKS_A_SECOND = 40_000;

/** How old what was found by a look at every session or lease for one job's sake may be, ms. */
export const lookAgainMs = (scheduler: Scheduler, now: number): number => {
  const { sessions, jobs } = crowdOf(scheduler, now);
  return Math.max(LOOK_AGAIN_MS, (1000 * sessions * jobs) / LOOKS_A_SECOND);
};

/** Who is connected: counted again when that is some seconds old, as it costs a look at each session. */
const crowdOf = (scheduler: Scheduler, now: number): Crowd => {
  const { crowd, sessions } = scheduler;
  const isStale = now - crowd.at >= FRESH_FOR_MS || (sessions.size !== crowd.sessions && sessions.size <= FEW);
  if (!isStale) return crowd;
  crowd.at = now;
  crowd.sessions = sessions.size;
  crowd.public = { all: 0, fresh: 0, caught: 0 };
  crowd.playground = { all: 0, fresh: 0, caught: 0 };
  crowd.jobs = 0;
  for (const job of scheduler.jobs.values()) if (isOpen(job)) crowd.jobs += 1;
  for (const { device, slots } of sessions.values()) {
    const tier = tierOf(scheduler.devices.get(device)!);
    if (tier === null) continue;
    const counted = crowd[tier];
    counted.all += slots;
    const standing = standingInGrid(scheduler, device);
    if (standing === 'new') counted.fresh += slots;
    if (standing === 'caught') counted.caught += slots;
  }
  return crowd;
};

/** Slots of the devices that may be given the job. */
export const slotsFor = (scheduler: Scheduler, { clearance }: Job, now: number): Readonly<Slots> =>
  crowdOf(scheduler, now)[clearance.kind === 'playground' ? 'playground' : 'public'];
