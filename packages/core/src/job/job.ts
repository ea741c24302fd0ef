import type { Independence } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { CreatedFact } from '../facts/job-fact.ts';
import { AttemptTable } from './attempts.ts';
import { IdentityTable } from './identities.ts';
import type { HashFunction } from './identity.ts';
import { ReadyUnits } from './ready.ts';
import type { CoreSpec } from './spec.ts';
import { coreSpec } from './spec.ts';
import { UnitTable } from './units.ts';

/** A device's account in one job. A device's account in the grid is the sum over jobs: no transaction spans shards. */
export interface DeviceAccount {
  valid: number;
  invalid: number;
  inconclusive: number;
  /** Returned, and not judged yet. */
  waiting: number;
  errored: number;
  credit: number;
}

export interface JobCounts {
  validated: number;
  failed: number;
  returned: number;
  valid: number;
  invalid: number;
  inconclusive: number;
  errored: number;
  expired: number;
  abandoned: number;
}

/** Held or cancelled, with the reason: the only part of a job's state that does not follow from its units. */
export type Order = { kind: 'run' } | { kind: 'held'; reason: string } | { kind: 'cancelled'; reason: string };

/**
 * One job. The durable part is a fold over its facts (`applyFact`) and nothing else writes to it; the volatile part
 * is rebuilt empty after a crash.
 */
export interface Job {
  readonly number: number;
  readonly spec: CoreSpec;
  readonly hash: HashFunction;

  /** Durable. */
  order: Order;
  independence: Independence;
  readonly units: UnitTable;
  readonly attempts: AttemptTable;
  readonly counts: JobCounts;
  readonly accounts: Map<number, DeviceAccount>;
  /** Why a unit failed. */
  readonly failures: Map<number, string>;
  completedAt: number | null;
  /** Open units of which some result waits for others. It follows from the facts, too. */
  waitingUnits: number;
  /** Identities of results that were returned and not judged, by attempt. It follows from the facts, too. */
  readonly identities: IdentityTable;

  /** Volatile. */
  readonly ready: ReadyUnits;
  /** Units below it were leased or queued at least once; from it up to the cut they are fresh. */
  fresh: number;
  /** The devices that hold a lease on a unit now; a unit without any is not in it. */
  readonly holders: Map<number, number[]>;
  /** Attempts that are leased now. */
  leased: number;
  /** How far this job has been served: the stride of fair sharing. */
  pass: number;
  /** Measured run time of one unit by device, ms, a moving average. */
  readonly unitMs: Map<number, number>;
  /** Units of one lease at the most, so that their inputs fit one frame. */
  leaseCap: number;
}

export const createJob = (number: number, fact: CreatedFact, hash: HashFunction): Job => {
  const spec = coreSpec(fact);
  return {
    number,
    spec,
    hash,
    order: { kind: 'run' },
    independence: spec.independence,
    units: new UnitTable(spec.total),
    attempts: new AttemptTable(),
    counts: {
      validated: 0,
      failed: 0,
      returned: 0,
      valid: 0,
      invalid: 0,
      inconclusive: 0,
      errored: 0,
      expired: 0,
      abandoned: 0,
    },
    accounts: new Map(),
    failures: new Map(),
    completedAt: null,
    waitingUnits: 0,
    identities: new IdentityTable(),
    ready: new ReadyUnits(),
    fresh: 0,
    holders: new Map(),
    leased: 0,
    pass: 0,
    unitMs: new Map(),
    leaseCap: LIMITS.leaseUnits,
  };
};

export const accountOf = (job: Job, device: number): DeviceAccount => {
  let account = job.accounts.get(device);
  if (account === undefined) {
    account = { valid: 0, invalid: 0, inconclusive: 0, waiting: 0, errored: 0, credit: 0 };
    job.accounts.set(device, account);
  }
  return account;
};

/** Every unit is validated or failed. */
export const isComplete = (job: Job): boolean => job.counts.validated + job.counts.failed === job.spec.total;

/** It may be given out: not held, not cancelled, not complete. */
export const isOpen = (job: Job): boolean => job.order.kind === 'run' && !isComplete(job);
