import { ATTEMPT } from '../job/attempts.ts';
import { UNIT } from '../job/units.ts';
import type { Effects, JudgementRequest, Scheduler } from './state.ts';
import { record } from './state.ts';

/** The answer to a judgement request. One that comes twice, or too late, changes nothing. */
export const giveVerdict = (
  scheduler: Scheduler,
  request: JudgementRequest,
  same: boolean,
  now: number,
  effects: Effects,
): void => {
  const job = scheduler.jobs.get(request.job);
  if (job === undefined) return;
  const { unit, candidate } = request;
  if (job.units.state[unit] !== UNIT.validated) return;
  const attempt = job.attempts.nth(job.units.head[unit]!, candidate);
  if (attempt === -1 || job.attempts.state[attempt] !== ATTEMPT.returned) return;
  const verdicts = [{ ordinal: candidate, verdict: same ? ('valid' as const) : ('invalid' as const) }];
  record(effects, job, { kind: 'judged', at: now, items: [{ unit, canonical: null, verdicts }] });
};
