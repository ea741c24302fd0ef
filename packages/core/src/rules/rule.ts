import type { Record } from '../trust/odds.ts';
import type { Agreements } from './agreements.ts';

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

/** What a rule may know beside the results themselves. */
export interface Evidence {
  /** What is known of the device that returned a result. */
  record(attempt: number): Record;
  /** The number of the lease that a result belongs to. */
  lease(attempt: number): number;
  /** The share of devices that is taken to lie. */
  readonly liars: number;
  /** From 0 up to, but without, 1. */
  chance(): number;
}

/** When is a result true: one for each kind of policy. A rule looks, and changes nothing. */
export interface Rule {
  /** What a device has earned decides what it is given, and whether it is given anything. */
  readonly byStanding: boolean;
  /** `fresh` is the attempt that has just come, -1 for none: chance is asked once for each. */
  decide(found: Agreements, evidence: Evidence, fresh: number): Decision;
  /** How many attempts the unit wants from now on, with those that are leased now. */
  need(found: Agreements): number;
}

export const WAIT: Decision = { kind: 'wait' };
