import type { Job } from '../job/job.ts';
import type { Scheduler } from './state.ts';

/**
 * Run time of one unit of the job on the device, ms: as measured in the job; else, when others have measured the job and
 * the device is known from other jobs, what the unit costs at the device's speed. Undefined when neither is known.
 */
export const unitMsOf = (scheduler: Scheduler, job: Job, device: number): number | undefined => {
  const measured = job.unitMs.get(device);
  if (measured !== undefined || job.measured === 0) return measured;
  const factor = scheduler.speeds.factorOf(device);
  return factor === undefined ? undefined : job.baseUnitMs * factor;
};
