import type { Job } from '../job/job.ts';
import { isOpen } from '../job/job.ts';
import type { Kinship } from '../leases/devices.ts';
import { refusal } from '../scheduler/dispatch.ts';
import type { Scheduler } from '../scheduler/state.ts';

/** How a connected device is kin to one that took part, and what the switch that allows it is called. */
const KINSHIP_WORDS: Record<Kinship, { kin: string; switch: string }> = {
  device: { kin: 'has computed them already', switch: 'device' },
  volunteer: { kin: 'belongs to a volunteer who has', switch: 'volunteer' },
  prefix: { kin: 'is on the network of one that has', switch: 'network' },
};

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/**
 * Why nothing of a job runs now, in words, by the predicates that dispatch itself uses; null while something runs or
 * nothing is left to do.
 */
export const explainWaiting = (scheduler: Scheduler, job: Job): string | null => {
  if (job.order.kind === 'held') return job.order.reason === '' ? 'It is held.' : `It is held: ${job.order.reason}`;
  if (!isOpen(job) || job.leased > 0) return null;
  if (scheduler.sessions.size === 0) return 'No volunteer is connected.';
  if (job.fresh < job.spec.total) return 'It waits for a free slot; other jobs are served first.';
  if (job.ready.size === 0) return null;
  const reasons = new Set<Kinship>();
  for (const group of job.ready.groups()) {
    for (const session of scheduler.sessions.values()) {
      const kin = refusal(scheduler, job, scheduler.devices.get(session.device)!, group.devices);
      if (kin === null) return 'It waits for a free slot.';
      reasons.add(kin);
    }
  }
  const found = [...reasons].map((kin) => KINSHIP_WORDS[kin]);
  const { size } = job.ready;
  return (
    `${plural(size, 'unit')} ${size === 1 ? 'waits' : 'wait'} for another, independent device: each connected one ` +
    `${found.map(({ kin }) => kin).join(', or ')}. Open the page on another device, or switch off independence by ` +
    `${found.map((words) => words.switch).join(' and ')} for this job.`
  );
};
