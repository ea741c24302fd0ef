import type {
  Device,
  Effects,
  ExchangeAnswer,
  ExchangeCommand,
  JudgementRequest,
  Lease,
  Scheduler,
  SchedulerOptions,
  Session,
  Timing,
} from '@gossamer/core';
import {
  addJob,
  closeSession,
  createScheduler,
  encodeFacts,
  exchange,
  giveVerdict,
  holdJob,
  loseOverdue,
  noEffects,
  openSession,
  serveParked,
  unpark,
} from '@gossamer/core';
import { JobSpec } from '@gossamer/protocol';
import { RIGHT } from '../population/liars.ts';
import { checkCounts, checkReplay, checkState } from './checks.ts';
import type { JobPlan, SimJob } from './sim-job.ts';
import { Truth } from './truth.ts';
import type { GridWatcher } from './watcher.ts';

export interface CoordinatorOptions {
  readonly timing: Timing;
  /** The core's coin. */
  readonly chance: () => number;
  /** Stands in for the rule of adaptive jobs. */
  readonly rule?: SchedulerOptions['adaptiveRule'];
  readonly watchers?: readonly GridWatcher[];
  /** Keep every fact, so that a replay can be compared. */
  readonly keepLog: boolean;
  /** Look for broken invariants after every step: it costs a walk over all units. */
  readonly checkEveryStep: boolean;
}

/** The only start of the coordinator that is simulated. */
export const EPOCH = 1;

/** Virtual time 0 in the core's time, ms since 1970. */
const START = 1_700_000_000_000;

const refuseHash = (): never => {
  throw new Error('a small result is compared as it is');
};

/** Longer than the slowest device needs. */
const deadlineMs = (unitMs: number): number => Math.max(1000, Math.ceil(unitMs * 50));

/**
 * The real core, as the one thing in the simulator that knows its interface. Times are virtual ms; the core gets them
 * as integers.
 */
export class Coordinator {
  readonly scheduler: Scheduler;
  readonly jobs: SimJob[] = [];
  /** What came of the latest steps; whoever takes it empties it. */
  readonly questions: JudgementRequest[] = [];
  readonly caught: number[] = [];
  woken = false;
  readonly #options: CoordinatorOptions;
  readonly #watchers: readonly GridWatcher[];
  readonly #effects: Effects = noEffects();

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#watchers = options.watchers ?? [];
    const { timing, chance, rule } = options;
    const replaced = rule === undefined ? {} : { adaptiveRule: rule };
    this.scheduler = createScheduler({ epoch: EPOCH, timing, hash: refuseHash, chance, ...replaced });
  }

  addJob(plan: JobPlan, now: number): SimJob {
    const number = this.jobs.length + 1;
    const { units, unitMs, policy, submitter = 'key' } = plan;
    const spec = JobSpec.parse({
      name: `job ${number}`,
      program: '0'.repeat(64),
      source: { kind: 'range', start: 0, stop: units },
      policy,
      limits: { maxAttempts: 1000, maxErrors: 100, deadlineMs: deadlineMs(unitMs) },
    });
    const from = { submitter, submitterName: submitter };
    const at = START + Math.floor(now);
    const created = { kind: 'created' as const, at, id: `job_${number}`, ...from, total: units };
    const job = addJob(this.scheduler, number, { ...created, spec: JSON.stringify(spec) }, this.#effects);
    const log = this.#options.keepLog ? [] : null;
    const added: SimJob = { plan, job, truth: new Truth(job), createdAt: now, completedAt: null, log };
    this.jobs.push(added);
    this.#after(now);
    return added;
  }

  /** Nothing more of it is given out. */
  hold(job: SimJob, now: number): void {
    holdJob(job.job, 'the simulated job begins', START + Math.floor(now), this.#effects);
    this.#after(now);
  }

  jobOf(number: number): SimJob {
    return this.jobs[number - 1]!;
  }

  open(device: Device, slots: number): Session {
    return openSession(this.scheduler, device, slots).session;
  }

  close(session: Session, now: number): void {
    closeSession(this.scheduler, session.number, START + Math.floor(now));
  }

  exchange(session: Session, command: ExchangeCommand, now: number): ExchangeAnswer {
    const answer = exchange(this.scheduler, session, command, START + Math.floor(now), this.#effects);
    this.#granted(answer.granted);
    this.#after(now);
    return answer;
  }

  unpark(session: Session): void {
    unpark(this.scheduler, session);
  }

  get hasParked(): boolean {
    return this.scheduler.parked.size > 0;
  }

  serve(now: number): { session: Session; granted: Lease[] }[] {
    const served = serveParked(this.scheduler, START + Math.floor(now), this.#effects);
    for (const { granted } of served) this.#granted(granted);
    this.#after(now);
    return served;
  }

  loseOverdue(now: number): void {
    loseOverdue(this.scheduler, START + Math.floor(now), this.#effects);
    this.#after(now);
  }

  /** Answers a question truthfully. */
  judge(request: JudgementRequest, now: number): void {
    const { truth } = this.jobOf(request.job);
    const { unit, candidate } = request;
    const wanted = request.kind === 'same' ? truth.codeOf(unit, request.reference) : RIGHT;
    const verdict = truth.codeOf(unit, candidate) === wanted ? 'yes' : 'no';
    giveVerdict(this.scheduler, request, verdict, START + Math.floor(now), this.#effects);
    this.#after(now);
  }

  /** Throws SimulationFault when an invariant is broken, or a replay differs. */
  check(): void {
    checkState(this.scheduler);
    for (const job of this.jobs) checkReplay(job, this.scheduler.options.hash);
  }

  #granted(leases: readonly Lease[]): void {
    for (const watcher of this.#watchers) for (const lease of leases) watcher.granted(lease, this.scheduler);
  }

  #after(now: number): void {
    const effects = this.#effects;
    if (effects.facts.size > 0) {
      this.#follow(effects.facts, now);
      effects.facts.clear();
    }
    if (effects.judgements.length > 0) this.questions.push(...effects.judgements.splice(0));
    this.woken ||= effects.wake;
    effects.wake = false;
    if (this.#options.checkEveryStep) checkState(this.scheduler);
  }

  #follow(steps: Effects['facts'], now: number): void {
    for (const [number, facts] of steps) {
      const simulated = this.jobOf(number);
      simulated.truth.take(facts, this.caught);
      simulated.log?.push(encodeFacts({ cause: 'simulator', facts }));
      checkCounts(simulated.truth);
      for (const watcher of this.#watchers) watcher.happened(this.scheduler, simulated.job, facts);
      if (simulated.job.completedAt !== null) simulated.completedAt ??= now;
    }
  }
}
