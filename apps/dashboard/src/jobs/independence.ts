import type { Independence, JobView } from '@gossamer/protocol';

export type Kin = keyof Independence;

/** From what gives up least to what gives up most. */
export const KINS = ['prefix', 'volunteer', 'device'] as const satisfies readonly Kin[];

export const KIN_LABEL: Record<Kin, string> = {
  device: 'Different devices',
  volunteer: 'Different volunteers',
  prefix: 'Different networks',
};

/** What is lost without each of them. */
export const KIN_LOSS: Record<Kin, string> = {
  device:
    'One device may compute a unit twice and agree with itself. That still catches chance, such as a flipped bit; ' +
    'but a device that is broken or lies will be believed.',
  volunteer: 'Two devices of one volunteer may confirm each other; a volunteer who cheats on both will be believed.',
  prefix:
    'Two devices in one network (a home, a school, a laboratory) may confirm each other; ' +
    'somebody who runs several devices there will be believed.',
};

/**
 * Of the kinships that keep a job waiting for a second, independent device, the one whose loss is the least: without
 * it the job goes on. null when it waits for anything else, or not at all.
 */
export const waitsFor = (job: Pick<JobView, 'state' | 'waitingFor' | 'independence'>): Kin | null => {
  if (job.state !== 'running') return null;
  return KINS.find((kin) => job.independence[kin] && job.waitingFor?.kinships.includes(kin)) ?? null;
};
