import type { Agreements } from '../rules/agreements.ts';
import { NO_RESULTS } from '../rules/agreements.ts';
import { ATTEMPT } from './attempts.ts';
import type { Job } from './job.ts';

const sameGroup = (job: Job, groups: readonly number[][], at: number): number[] | undefined => {
  const said = job.sameness.sameAs(at);
  return groups.find((group) => group[0] === said || job.identities.same(group[0]!, at));
};

/** From an attempt on, the first one whose result was not judged; -1 when there is none. */
const nextReturned = (job: Job, from: number): number => {
  let at = from;
  while (at !== -1 && job.attempts.state[at] !== ATTEMPT.returned) at = job.attempts.next[at]!;
  return at;
};

/**
 * Sorts a unit's results. Under a comparison by bytes nothing is asked; else a result is compared with the oldest of
 * each group in turn, until it is the same as one or differs from all.
 */
export const agreements = (job: Job, unit: number): Agreements => {
  const first = nextReturned(job, job.units.head[unit]!);
  if (first === -1) return NO_RESULTS;
  const found: Agreements = { groups: [[first]], questions: [], unsorted: 0 };
  let at = nextReturned(job, job.attempts.next[first]!);
  if (at === -1) return found;
  const byBytes = job.spec.comparison.kind === 'bytes';
  const { groups } = found;
  for (; at !== -1; at = nextReturned(job, job.attempts.next[at]!)) {
    const candidate = at;
    const group = sameGroup(job, groups, at);
    if (group !== undefined) {
      group.push(at);
      continue;
    }
    const open = byBytes ? undefined : groups.find(([oldest]) => !job.sameness.differs(candidate, oldest!));
    if (open !== undefined) found.questions.push({ reference: open[0]!, candidate });
    // It may be the same as an older one that is not sorted yet.
    if (open !== undefined || found.unsorted > 0) found.unsorted += 1;
    else groups.push([at]);
  }
  if (groups.length > 1) groups.sort((a, b) => b.length - a.length);
  return found;
};
