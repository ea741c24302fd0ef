import type { Agreements } from '../job/agreements.ts';
import type { Job } from '../job/job.ts';
import type { Scheduler } from '../scheduler/state.ts';

/** What a rule makes of the results of an open unit. Attempts by their place in the table. */
export type Decision =
  /** They do not decide it yet. */
  | { kind: 'wait' }
  /** This group is right; its oldest result is the canonical one. */
  | { kind: 'validate'; group: readonly number[] }
  /** This one result will do for now: the unit is provisional. */
  | { kind: 'accept'; attempt: number }
  /** This one result would do, and chance wants it checked by another device. */
  | { kind: 'check'; attempt: number };

/** When is a result true: one for each kind of policy. A rule looks, and changes nothing. */
export interface Rule {
  /** What a device has earned decides what it is given, and whether it is given anything. */
  readonly byStanding: boolean;
  /** `fresh` is the attempt that has just come, if any: chance is asked once for each. */
  decide(scheduler: Scheduler, job: Job, unit: number, found: Agreements, fresh: number): Decision;
  /** How many attempts the unit wants from now on, with those that are leased now. */
  need(job: Job, unit: number, found: Agreements): number;
}

export const WAIT: Decision = { kind: 'wait' };
