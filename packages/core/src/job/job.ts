import type { Independence } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { CreatedFact } from '../facts/job-fact.ts';
import { ruleFor } from '../rules/rule-for.ts';
import type { Rule } from '../rules/rule.ts';
import type { DeviceAccount } from '../trust/account.ts';
import { newAccount } from '../trust/account.ts';
import type { TrustBook } from '../trust/trust-book.ts';
import { AttemptTable } from './attempts.ts';
import { ClassTally } from './class-tally.ts';
import { Holders } from './holders.ts';
import { IdentityTable } from './identities.ts';
import type { HashFunction } from './identity.ts';
import type { Intake } from './intake.ts';
import { newIntake } from './intake.ts';
import { Pace } from './pace.ts';
import { ReadyUnits } from './ready.ts';
import type { Before, JobEnd } from './round.ts';
import { ResultBlobs } from './result-blobs.ts';
import { Sameness } from './sameness.ts';
import type { Share } from './share.ts';
import type { Straggler } from './straggler.ts';
import type { CoreSpec } from './spec.ts';
import type { Clearance } from './clearance.ts';
import { coreSpec } from './spec.ts';
import { UnitTable } from './units.ts';

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
  provisional: number;
  revoked: number;
  /** Results that were compared with another device's, and those of them that were found wrong. */
  checks: number;
  failedChecks: number;
  /** Final results that no second device confirmed. */
  single: number;
  /** Times that a device was caught in this job, and results that were taken back for it. */
  caught: number;
  reopened: number;
  /** Times that its failed units were retried. */
  retries: number;
}

/** Held or cancelled, with the reason: the only part of a job's state that does not follow from its units. */
export type Order =
  | { kind: 'run' }
  | { kind: 'held'; reason: string }
  | { kind: 'cancelled'; reason: string; at: number };

/**
 * One job. The durable part is a fold over its facts (`applyFact`) and nothing else writes to it; the volatile part
 * is rebuilt empty after a crash.
 */
export interface Job {
  readonly number: number;
  readonly spec: CoreSpec;
  readonly hash: HashFunction;
  /** When is a result true. */
  rule: Rule;
  /** Where devices' records are summed up; null while the job is rebuilt from its log. */
  book: TrustBook | null;

  /** Durable. */
  /** Units that its source yields; of a stream, so far. */
  total: number;
  /** Of a job whose inputs are appended while it runs; null: all were there when it was created. */
  readonly intake: Intake | null;
  order: Order;
  independence: Independence;
  readonly units: UnitTable;
  readonly attempts: AttemptTable;
  readonly counts: JobCounts;
  readonly accounts: Map<number, DeviceAccount>;
  /** Why a unit failed. */
  readonly failures: Map<number, string>;
  completedAt: number | null;
  /** Each time that it was complete, the first one first. */
  readonly ends: JobEnd[];
  /** Of units that were retried: what came before the last time. */
  readonly before: Map<number, Before>;
  /** Open units of which some result waits for others. It follows from the facts, too. */
  waitingUnits: number;
  /** Identities of results that were returned and not judged, by attempt. It follows from the facts, too. */
  readonly identities: IdentityTable;
  /** Where large results lie. It follows from the facts, too. */
  readonly blobs: ResultBlobs;
  /** Bytes of all results and errors that came, in its log until it is deleted. It follows from the facts, too. */
  resultBytes: number;
  /** What the judge said of results of unsettled units. */
  readonly sameness: Sameness;

  /** Volatile. */
  /** Where its program may run: the operator's to say, and to change. */
  clearance: Clearance;
  readonly ready: ReadyUnits;
  /** Units below it were leased or queued at least once; nobody ever had one of those from it up to the cut. */
  fresh: number;
  readonly holders: Holders;
  /** Attempts that are leased now. */
  leased: number;
  /** How far this job has been served: the stride of fair sharing. */
  pass: number;
  /** Of its submitter; null before its first turn. */
  share: Share | null;
  /** Measured run time of one unit by device, ms, a moving average. */
  readonly unitMs: Map<number, number>;
  /** The same over all devices; 0 while nothing is known. */
  meanUnitMs: number;
  /** What a unit costs: the same with each device's factor taken out (`Speeds`). */
  baseUnitMs: number;
  /** Units whose run time went into these. */
  measured: number;
  /** Units that a device may be leased at once: eight times what it brought back of one lease. */
  readonly reach: Map<number, number>;
  /** Judge's questions that were put and not answered, as `unit:reference:candidate`. */
  readonly asked: Set<string>;
  /** Agreement between and within classes of devices. */
  readonly classes: ClassTally;
  readonly pace: Pace;
  /** Units that are out with slow devices, as of some time, ms since 1970. */
  stragglers: { at: number; list: Straggler[] };
  /**
   * By when all that is left can be done, ms since 1970, as of some time when so many units were ready: `Infinity` when
   * that is not near. And when a lease of the job was last given.
   */
  readonly horizon: { at: number; ready: number; until: number; grantedAt: number };
  /** Units that would have failed, were it not for a device that may yet do better: since when, ms since 1970. */
  readonly suspects: Map<number, number>;
  /** When it may next look for provisional results that want checks, ms since 1970. */
  nextClosing: number;
  /** Units of one lease at the most, so that their inputs fit one frame. */
  leaseCap: number;
}

export const createJob = (number: number, fact: CreatedFact, hash: HashFunction): Job => {
  const spec = coreSpec(fact);
  const intake = spec.full.source.kind === 'stream' ? newIntake(fact.at) : null;
  const ceiling = intake === null ? fact.total : LIMITS.units;
  return {
    number,
    spec,
    hash,
    rule: ruleFor(spec.policy),
    book: null,
    total: fact.total,
    intake,
    order: { kind: 'run' },
    independence: spec.independence,
    units: new UnitTable(ceiling),
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
      provisional: 0,
      revoked: 0,
      checks: 0,
      failedChecks: 0,
      single: 0,
      caught: 0,
      reopened: 0,
      retries: 0,
    },
    accounts: new Map(),
    failures: new Map(),
    completedAt: null,
    ends: [],
    before: new Map(),
    waitingUnits: 0,
    identities: new IdentityTable(),
    blobs: new ResultBlobs(),
    resultBytes: 0,
    sameness: new Sameness(),
    clearance: { kind: 'public' },
    ready: new ReadyUnits(),
    fresh: 0,
    holders: new Holders(ceiling),
    leased: 0,
    pass: 0,
    share: null,
    unitMs: new Map(),
    meanUnitMs: 0,
    baseUnitMs: 0,
    measured: 0,
    reach: new Map(),
    asked: new Set(),
    classes: new ClassTally(),
    pace: new Pace(),
    stragglers: { at: Number.NEGATIVE_INFINITY, list: [] },
    horizon: {
      at: Number.NEGATIVE_INFINITY,
      ready: 0,
      until: Number.POSITIVE_INFINITY,
      grantedAt: Number.NEGATIVE_INFINITY,
    },
    suspects: new Map(),
    nextClosing: 0,
    leaseCap: LIMITS.leaseUnits,
  };
};

export const accountOf = (job: Job, device: number): DeviceAccount => {
  let account = job.accounts.get(device);
  if (account === undefined) {
    account = newAccount();
    job.accounts.set(device, account);
  }
  return account;
};

/** More inputs may come. */
export const isAwaiting = (job: Job): boolean => job.intake !== null && !job.intake.isClosed;

/** Every unit is validated or failed, none is provisional, and none will come. */
export const isComplete = (job: Job): boolean =>
  job.counts.validated + job.counts.failed === job.total && !isAwaiting(job);

/** Nothing of it will be given out any more, unless what failed is retried. */
export const isOver = (job: Job): boolean => job.order.kind === 'cancelled' || isComplete(job);

/** When it was completed or cancelled, ms since 1970; null while it is neither. */
export const endedAt = (job: Job): number | null => (job.order.kind === 'cancelled' ? job.order.at : job.completedAt);

/** It may be given out: not held, not cancelled, not complete. */
export const isOpen = (job: Job): boolean => job.order.kind === 'run' && !isComplete(job);
