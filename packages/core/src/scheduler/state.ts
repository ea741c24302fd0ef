import type { JobFact } from '../facts/job-fact.ts';
import { applyFact } from '../job/apply.ts';
import type { HashFunction } from '../job/identity.ts';
import type { Job } from '../job/job.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Session } from '../leases/session.ts';

/** All in ms. */
export interface Timing {
  /** How long a vanished session's leases wait for it to come back. */
  sessionGraceMs: number;
  /** How often a tab is asked to name the leases that it holds. */
  heartbeatMs: number;
  /** Compute time that one lease aims at. */
  leaseTargetMs: number;
}

export interface SchedulerOptions {
  /** Of this start of the process; it grows, so that a lease of an earlier one is told apart. */
  epoch: number;
  timing: Timing;
  hash: HashFunction;
}

/** What one process owns: some jobs, and all that is volatile. Nothing here assumes that it sees every job. */
export interface Scheduler {
  readonly options: SchedulerOptions;
  readonly jobs: Map<number, Job>;
  readonly devices: Map<number, Device>;
  readonly sessions: Map<number, Session>;
  /** The one session of a device. */
  readonly sessionOf: Map<number, number>;
  /** Devices whose session vanished while they held leases, and when, ms since 1970. */
  readonly gone: Map<number, number>;
  readonly leases: Map<number, Lease>;
  readonly leasesOf: Map<number, Set<Lease>>;
  /** By device: leases of cancelled jobs that it may still work on. */
  readonly vain: Map<number, Set<number>>;
  /** By priority: the pass of the job that was served last. One that had nothing to give meanwhile goes on from there. */
  readonly served: Map<number, number>;
  /** Sessions whose exchange is parked, the longest first. */
  readonly parked: Set<number>;
  lastLease: number;
  lastSession: number;
}

export const createScheduler = (options: SchedulerOptions): Scheduler => ({
  options,
  jobs: new Map(),
  devices: new Map(),
  sessions: new Map(),
  sessionOf: new Map(),
  gone: new Map(),
  leases: new Map(),
  leasesOf: new Map(),
  vain: new Map(),
  served: new Map(),
  parked: new Set(),
  lastLease: 0,
  lastSession: 0,
});

/** A question that the core cannot answer itself; the answer comes back by `giveVerdict`. */
export interface JudgementRequest {
  job: number;
  unit: number;
  /** Ordinals, in the unit's list of attempts. Are both results the same? */
  canonical: number;
  candidate: number;
}

/**
 * What a command brings about besides its answer. Facts are applied already; the answer may be given out only when
 * they are on disk.
 */
export interface Effects {
  readonly facts: Map<number, JobFact[]>;
  readonly judgements: JudgementRequest[];
  /** Units became ready: parked sessions may be served (`serveParked`). */
  wake: boolean;
}

export const noEffects = (): Effects => ({ facts: new Map(), judgements: [], wake: false });

/** The only way by which a fact comes into being: it is applied and handed to the writer. */
export const record = (effects: Effects, job: Job, fact: JobFact): void => {
  applyFact(job, fact);
  const facts = effects.facts.get(job.number);
  if (facts === undefined) effects.facts.set(job.number, [fact]);
  else facts.push(fact);
};
