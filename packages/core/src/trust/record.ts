import type { Job } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';
import type { Record } from './odds.ts';

/** Devices of the same volunteer, without the device itself. */
export const fellows = (scheduler: Scheduler, device: number): readonly number[] => {
  const volunteer = scheduler.devices.get(device)?.volunteer;
  const all = volunteer === undefined ? undefined : scheduler.volunteers.get(volunteer);
  return all === undefined || all.length < 2 ? [] : all.filter((other) => other !== device);
};

/** What a device has earned in the grid: whoever was caught has caught its volunteer, too. */
export const recordOf = (scheduler: Scheduler, device: number): Record => {
  const { book } = scheduler;
  if (book.hasCaughtNone) return { survived: book.survivedBy(device), caught: 0 };
  let caught = book.caught(device);
  for (const fellow of fellows(scheduler, device)) caught += book.caught(fellow);
  return { survived: book.survivedBy(device), caught };
};

/**
 * What a device has earned, as far as it counts for a job. Where devices of other classes alone spoke against it, this
 * job alone distrusts it.
 */
export const recordIn = (scheduler: Scheduler, job: Job, device: number): Record => {
  const record = recordOf(scheduler, device);
  const account = job.accounts.get(device);
  if (account === undefined || account.foreign === 0) return record;
  return { survived: account.survived, caught: record.caught + account.foreign };
};
