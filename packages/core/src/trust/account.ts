import { Ledger } from './ledger.ts';

/** A device's account in one job. A device's account in the grid is the sum over jobs: no transaction spans shards. */
export interface DeviceAccount {
  valid: number;
  invalid: number;
  inconclusive: number;
  /** Was valid; its credit was taken back. */
  revoked: number;
  /** Returned, and not judged yet. */
  waiting: number;
  errored: number;
  credit: number;
  /** Comparisons with independent devices that it survived in this job since it was last caught. */
  survived: number;
  /** When the first thing was earned that was not lost since, ms since 1970; 0 when there is none. */
  earnedAt: number;
  /** When it was last caught in this job by devices of any class, ms since 1970; 0 when it never was. */
  caughtAt: number;
  /** How often it was caught in this job. */
  caught: number;
  /** Of these, how often only devices of other classes spoke against it. */
  foreign: number;
  /** Valid results that no other device confirmed. */
  single: number;
  /** What stands on its word alone. */
  readonly ledger: Ledger;
}

export const newAccount = (): DeviceAccount => ({
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  revoked: 0,
  waiting: 0,
  errored: 0,
  credit: 0,
  survived: 0,
  earnedAt: 0,
  caughtAt: 0,
  caught: 0,
  foreign: 0,
  single: 0,
  ledger: new Ledger(),
});

/** What of an account can be added up. */
export type AccountSum = Pick<
  DeviceAccount,
  'valid' | 'invalid' | 'inconclusive' | 'revoked' | 'waiting' | 'errored' | 'credit'
>;
