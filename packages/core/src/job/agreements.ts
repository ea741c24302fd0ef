import type { Agreements } from '../rules/agreements.ts';
import { ATTEMPT } from './attempts.ts';
import type { Job } from './job.ts';

const sameGroup = (job: Job, groups: readonly number[][], at: number): number[] | undefined => {
  const said = job.sameness.sameAs(at);
  return groups.find((group) => group[0] === said || job.identities.same(group[0]!, at));
};

/**
 * Sorts a unit's results. Under a comparison by bytes nothing is asked; else a result is compared with the oldest of
 * each group in turn, until it is the same as one or differs from all.
 */
export const agreements = (job: Job, unit: number): Agreements => {
  const found: Agreements = { groups: [], questions: [], unsorted: 0 };
  const byBytes = job.spec.comparison.kind === 'bytes';
  const { groups } = found;
  for (let at = job.units.head[unit]!; at !== -1; at = job.attempts.next[at]!) {
    if (job.attempts.state[at] !== ATTEMPT.returned) continue;
    const group = sameGroup(job, groups, at);
    if (group !== undefined) {
      group.push(at);
      continue;
    }
    const open = byBytes ? undefined : groups.find(([first]) => !job.sameness.differs(at, first!));
    if (open !== undefined) found.questions.push({ reference: open[0]!, candidate: at });
    // It may be the same as an older one that is not sorted yet.
    if (open !== undefined || found.unsorted > 0) found.unsorted += 1;
    else groups.push([at]);
  }
  if (groups.length > 1) groups.sort((a, b) => b.length - a.length);
  return found;
};
