import type { Scheduler } from './state.ts';

/** Who refused a program is given nothing of its job for so long, ms; twice as long each further time. */
const REST_MS = 2000;
const MOST_REST_MS = 3_600_000;

const holdsOf = (scheduler: Scheduler, device: number, job: number): boolean => {
  for (const lease of scheduler.leasesOf.get(device) ?? []) if (lease.job === job) return true;
  return false;
};

/**
 * The tab of a session did not run a job's program. What was wrong may pass, as at a fault on the way: the job is offered
 * again, ever more rarely. Gives false, and changes nothing, where the device holds no lease of the job.
 */
export const noteRefusal = (
  scheduler: Scheduler,
  session: number,
  job: number,
  reason: string,
  now: number,
): boolean => {
  const refusing = scheduler.sessions.get(session);
  if (refusing === undefined || !holdsOf(scheduler, refusing.device, job)) return false;
  refusing.refused ??= new Map();
  const times = (refusing.refused.get(job)?.times ?? 0) + 1;
  const until = now + Math.min(MOST_REST_MS, REST_MS * 2 ** (times - 1));
  refusing.refused.set(job, { reason, until, times });
  return true;
};

/** Whether the device's tab has just refused the job's program: what it gives back of it now did not run. */
export const hasRefused = (scheduler: Scheduler, device: number, job: number, now: number): boolean => {
  const session = scheduler.sessions.get(scheduler.sessionOf.get(device) ?? -1);
  return now < (session?.refused?.get(job)?.until ?? Number.NEGATIVE_INFINITY);
};

/** What was signed has changed: who refused a program may find it right now. */
export const forgetRefusals = (scheduler: Scheduler): void => {
  for (const session of scheduler.sessions.values()) session.refused = null;
};
