import type { JobFact } from '../facts/job-fact.ts';
import { applyFact } from '../job/apply.ts';
import type { HashFunction } from '../job/identity.ts';
import type { Clearance } from '../job/clearance.ts';
import type { Job } from '../job/job.ts';
import type { Device } from '../leases/devices.ts';
import type { Lease } from '../leases/lease.ts';
import type { Session } from '../leases/session.ts';
import type { Rule } from '../rules/rule.ts';
import { Past } from '../trust/past.ts';
import { TrustBook } from '../trust/trust-book.ts';
import { Speeds } from './speeds.ts';
import { Turns } from './turns.ts';

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
  /** From 0 up to, but without, 1: the coin of spot checks. Nobody outside may foresee it. */
  chance: () => number;
  /** Where a job's program may run, as the operator says now. Without it every job is for the public. */
  clearance?: (job: Job) => Clearance;
  /** Stands in for the built-in rule of adaptive jobs: a simulator compares others with it. */
  adaptiveRule?: (maxErrorRate: number) => Rule;
  /** What was earned in jobs that were deleted before this start. */
  past?: Past;
}

/** A device that returned a wrong result. `foreign`: only devices of other classes spoke against it. */
export interface Accusation {
  job: number;
  device: number;
  foreign: boolean;
}

/** Who is connected, counted from time to time. */
export interface Slots {
  all: number;
  /** Of devices that are new. */
  fresh: number;
  /** Of devices that were caught. */
  caught: number;
}

export interface Crowd {
  /** When it was counted, ms since 1970. */
  at: number;
  sessions: number;
  /** Slots of the devices that may do public work, and of those that may do the playground's. */
  public: Slots;
  playground: Slots;
  /** Jobs that may be given out. */
  jobs: number;
}

/**
 * After a start leases are forgotten, but devices still hold them: for a grace, and as long as some come back, what may
 * be out with them is not given to others.
 */
export interface Recall {
  /** ms since 1970. */
  until: number;
  readonly most: number;
  /** Those of before the start. */
  readonly jobs: ReadonlySet<number>;
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
  /** Leases of earlier starts that devices still hold, by `epoch:number`. */
  readonly recalled: Map<string, Lease>;
  /** Null when no device of an earlier start is waited for. */
  recall: Recall | null;
  /** By device: leases of cancelled jobs that it may still work on. */
  readonly vain: Map<number, Set<number>>;
  /** How far submitters have been served. */
  readonly turns: Turns;
  /** Sessions whose exchange is parked, the longest first. */
  readonly parked: Set<number>;
  /** What devices have earned, over all jobs. */
  readonly book: TrustBook;
  /** What they have earned in jobs that were deleted. */
  readonly past: Past;
  /** How fast devices are, over all jobs. */
  readonly speeds: Speeds;
  /** Devices by volunteer. */
  readonly volunteers: Map<string, number[]>;
  /** Devices that left, the longest ago first, and when: what is provisional on their word is checked in the end. */
  readonly left: Map<number, number>;
  /** By device that was caught: when it was last given something, ms since 1970. */
  readonly lastGrant: Map<number, number>;
  readonly crowd: Crowd;
  /** Devices whose result was found wrong in this command: they are caught at its end. */
  readonly accused: Accusation[];
  /** Devices some of whose provisional results may have become final in this command. */
  readonly due: { job: number; device: number }[];
  lastLease: number;
  lastSession: number;
}

export const createScheduler = (options: SchedulerOptions): Scheduler => {
  const scheduler = newScheduler(options);
  scheduler.past.tell(scheduler.book);
  return scheduler;
};

const newScheduler = (options: SchedulerOptions): Scheduler => ({
  options,
  jobs: new Map(),
  devices: new Map(),
  sessions: new Map(),
  sessionOf: new Map(),
  gone: new Map(),
  leases: new Map(),
  leasesOf: new Map(),
  recalled: new Map(),
  recall: null,
  vain: new Map(),
  turns: new Turns(),
  parked: new Set(),
  book: new TrustBook(),
  past: options.past ?? new Past(),
  speeds: new Speeds(),
  volunteers: new Map(),
  left: new Map(),
  lastGrant: new Map(),
  crowd: {
    at: Number.NEGATIVE_INFINITY,
    sessions: 0,
    public: { all: 0, fresh: 0, caught: 0 },
    playground: { all: 0, fresh: 0, caught: 0 },
    jobs: 0,
  },
  accused: [],
  due: [],
  lastLease: 0,
  lastSession: 0,
});

/**
 * A question that the core cannot answer itself; the answer comes back by `giveVerdict`. Numbers of results are
 * ordinals in the unit's list of attempts.
 */
export type JudgementRequest =
  /** Are both results the same, by the job's comparison? */
  | { kind: 'same'; job: number; unit: number; reference: number; candidate: number }
  /** Does the program's `check` accept the result? */
  | { kind: 'check'; job: number; unit: number; candidate: number };

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

/**
 * Makes a fact the continuation of the one before it, where their items mean the same in one fact as in two. Most
 * commands settle units one by one: so their verdicts are written as one fact.
 */
const append = (last: JobFact, fact: JobFact): boolean => {
  if (last.at !== fact.at) return false;
  if (last.kind === 'judged' && fact.kind === 'judged') for (const item of fact.items) last.items.push(item);
  else if (last.kind === 'accepted' && fact.kind === 'accepted' && last.device === fact.device) {
    for (const item of fact.items) last.items.push(item);
  } else return false;
  return true;
};

/** The only way by which a fact comes into being: it is applied and handed to the writer. */
export const record = (effects: Effects, job: Job, fact: JobFact): void => {
  applyFact(job, fact);
  const facts = effects.facts.get(job.number);
  if (facts === undefined) effects.facts.set(job.number, [fact]);
  else if (!append(facts.at(-1)!, fact)) facts.push(fact);
};
