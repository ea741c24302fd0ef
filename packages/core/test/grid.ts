import type { AttemptReport, JobSpecInput, LeaseTicket, Outcome, ReportStatus } from '@gossamer/protocol';
import { JobSpec, OUTCOME, Sha256, uuidv7 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type {
  Answer,
  Device,
  Effects,
  ExchangeAnswer,
  Held,
  Job,
  JobFact,
  JudgementRequest,
  Lease,
  Report,
  Scheduler,
  Session,
  Timing,
} from '../src/index.ts';
import {
  addJob,
  adoptJob,
  appendInputs,
  closeInputs,
  replaceJob,
  beginRecall,
  closeSession,
  createScheduler,
  decodeFacts,
  durableBytes,
  encodeFacts,
  exchange,
  findFaults,
  foldJob,
  giveVerdict,
  knowDevice,
  loseOverdue,
  noEffects,
  openSession,
  serveParked,
} from '../src/index.ts';

export const hash = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

export const TIMING: Timing = { sessionGraceMs: 10_000, heartbeatMs: 5000, leaseTargetMs: 1000 };
export const DEVICE = {
  prefix: null,
  class: 'chromium',
  capabilities: { memoryMb: null, cores: null, wasm: [] },
  apart: false,
  optedIn: false,
} as const satisfies Partial<Device>;

/** The name of what holds so many inputs from `first` on. */
export const blobOf = (first: number, count: number): Sha256 =>
  Sha256.parse(Buffer.from(hash(Buffer.from(`${first} ${count}`))).toString('hex'));

const START = 1_700_000_000_000;

/**
 * A job in a few words: `quorum` and `total`, and whatever else a spec may say. Of a stream `total` inputs come at once, and
 * more may follow.
 */
export type JobWish = { total?: number; quorum?: number; submitter?: string; stream?: boolean } & Partial<
  Omit<JobSpecInput, 'source' | 'program'>
>;

/** A lease as its tab knows it: what its ticket says. */
export type Given = LeaseTicket;

/** A scheduler with a clock and a log, which looks for broken invariants after every step. */
export class Grid {
  scheduler: Scheduler;
  now = START;
  /** A new start waits for devices that hold leases of the one before. */
  recalls = false;
  /** By job: segments as they would be on disk. */
  readonly log = new Map<number, Uint8Array[]>();
  judgements: JudgementRequest[] = [];
  /** Parked sessions are due to be served. */
  woken = false;
  /** The coin of spot checks, from 0 up to 1: 1 never checks what need not be checked. */
  chance: () => number = () => 0.999;
  readonly #timing: Timing;
  #lastJob = 0;

  constructor(timing: Partial<Timing> = {}) {
    this.#timing = { ...TIMING, ...timing };
    this.scheduler = createScheduler({ epoch: 1, timing: this.#timing, hash, chance: () => this.chance() });
  }

  /** Asked after every step of thousands of stories: without the cost of an assertion that holds. */
  #findNoFaults(): void {
    const faults = findFaults(this.scheduler);
    if (faults.length > 0) expect(faults).toEqual([]);
  }

  /** Runs a command, writes what it brings about, and looks for faults. */
  run<Answer>(command: (effects: Effects) => Answer): Answer {
    const effects = noEffects();
    const answer = command(effects);
    for (const [job, facts] of effects.facts) this.#write(job, facts);
    this.judgements.push(...effects.judgements);
    this.woken ||= effects.wake;
    this.#findNoFaults();
    return answer;
  }

  #write(job: number, facts: JobFact[]): void {
    const segments = this.log.get(job) ?? [];
    segments.push(encodeFacts({ cause: 'test', facts }));
    this.log.set(job, segments);
  }

  job(wish: JobWish = {}): Job {
    const number = ++this.#lastJob;
    const { total = 10, quorum = 2, submitter = 'key', stream = false, ...rest } = wish;
    const spec = JobSpec.parse({
      name: `job ${number}`,
      program: '0'.repeat(64),
      source: stream ? { kind: 'stream', format: 'ndjson' } : { kind: 'range', start: 0, stop: total },
      policy: { kind: 'quorum', quorum },
      ...rest,
    });
    const id = `job_${uuidv7(this.now, new Uint8Array(10).fill(number))}`;
    const from = { submitter, submitterName: 'Ada' };
    const units = stream ? 0 : total;
    const created = { kind: 'created' as const, at: this.now, id, ...from, total: units, spec: JSON.stringify(spec) };
    const job = this.run((effects) => addJob(this.scheduler, number, created, effects));
    if (stream && total > 0) this.append(job, total);
    return job;
  }

  /** More inputs of a stream. */
  append(job: Job, count: number, first = job.total): void {
    const blob = blobOf(first, count);
    this.run((effects) => appendInputs(job, { first, count, longest: 8, blob }, this.now, effects));
  }

  closeInputs(job: Job): void {
    this.run((effects) => closeInputs(job, this.now, effects));
  }

  /** The job as it is now: a restart replaces it. */
  of(job: Job): Job {
    return this.scheduler.jobs.get(job.number)!;
  }

  join(number: number, slots = 1, device: Partial<Device> = {}): Session {
    const known: Device = { ...DEVICE, number, id: `dev_${number}`, volunteer: `volunteer ${number}`, ...device };
    return openSession(this.scheduler, known, slots).session;
  }

  leave(session: Session): void {
    closeSession(this.scheduler, session.number, this.now);
    this.#findNoFaults();
  }

  exchange(
    session: Session,
    command: { slots?: number; held?: Held[]; reports?: Report[] } = {},
  ): ExchangeAnswer & { given: Given[] } {
    const { slots = 0, held = [], reports = [] } = command;
    // Whoever claims to have computed for so long has taken that long.
    for (const { attempts } of reports) this.now += attempts.reduce((sum, { runMs }) => sum + runMs, 0);
    const whole = { slots, held, reports };
    const answer = this.run((effects) => exchange(this.scheduler, session, whole, this.now, effects));
    return { ...answer, given: answer.granted.map((lease) => this.given(lease)) };
  }

  given(lease: Lease): Given {
    const { epoch } = this.scheduler.options;
    return { epoch, number: lease.number, job: lease.job, units: [...lease.units] };
  }

  /** Asks for one lease. */
  take(session: Session): Given | undefined {
    return this.exchange(session, { slots: 1 }).given[0];
  }

  /** Asks for one lease and insists on it. */
  mustTake(session: Session): Given {
    const lease = this.take(session);
    if (lease === undefined) throw new Error('no lease was given');
    return lease;
  }

  send(session: Session, ...reports: Report[]): ReportStatus[] {
    return this.exchange(session, { reports }).statuses;
  }

  beat(session: Session, leases: Given[], runMs = 0): ExchangeAnswer {
    return this.exchange(session, { held: leases.map((lease) => ({ lease, runMs })) });
  }

  /** Time passes, and what is overdue ends. */
  pass(ms: number): void {
    this.now += ms;
    this.run((effects) => loseOverdue(this.scheduler, this.now, effects));
  }

  serve(): { session: Session; given: Given[] }[] {
    this.woken = false;
    const served = this.run((effects) => serveParked(this.scheduler, this.now, effects));
    return served.map(({ session, granted }) => ({ session, given: granted.map((lease) => this.given(lease)) }));
  }

  verdict(request: JudgementRequest, answer: Answer): void {
    this.run((effects) => giveVerdict(this.scheduler, request, answer, this.now, effects));
  }

  facts(job: Job): JobFact[] {
    return (this.log.get(job.number) ?? []).flatMap((body) => decodeFacts(body));
  }

  kinds(job: Job): string[] {
    return this.facts(job).map(({ kind }) => kind);
  }

  /** A job rebuilt from its log alone. */
  replay(job: Job): Job {
    return foldJob(job.number, this.facts(job), hash)!;
  }

  /** `kill -9` and a new start: what is volatile is gone; the log gives the identical durable state. */
  restart(): void {
    for (const live of this.scheduler.jobs.values()) {
      if (Buffer.compare(durableBytes(this.replay(live)), durableBytes(live)) !== 0)
        expect.fail('the log gives another job');
    }
    this.#startAnew();
  }

  /** `kill -9` in the middle of a command: it was decided, not answered, and written to some of the logs, if to any. */
  crashDuring(command: (effects: Effects) => unknown, isWritten: (job: number) => boolean = () => false): void {
    const effects = noEffects();
    command(effects);
    for (const [job, facts] of effects.facts) if (isWritten(job)) this.#write(job, facts);
    this.#startAnew();
  }

  /** The job is read again from its log, as after a failed write. */
  adopt(job: Job): void {
    const rebuilt = this.replay(job);
    replaceJob(this.scheduler, job.number, rebuilt);
    this.run((effects) => adoptJob(this.scheduler, rebuilt, this.now, effects));
  }

  /** `kill -9` between the writes to two logs of one command: the last segment of this job is lost. */
  tear(job: Job): void {
    this.log.get(job.number)!.pop();
    this.#startAnew();
  }

  #startAnew(): void {
    const { jobs, devices, options } = this.scheduler;
    this.scheduler = createScheduler({ ...options, epoch: options.epoch + 1 });
    for (const device of devices.values()) knowDevice(this.scheduler, device);
    this.judgements = [];
    for (const job of jobs.values()) this.adopt(job);
    if (this.recalls) beginRecall(this.scheduler, this.now);
  }
}

const encoder = new TextEncoder();

const reportOf = (lease: Given, outcome: Outcome, text: string, runMs: number, offsets?: number[]): Report => {
  const all = offsets ?? lease.units.map((_, offset) => offset);
  const attempts: AttemptReport[] = all.map((offset) => ({ offset, outcome, runMs, body: encoder.encode(text) }));
  return { epoch: lease.epoch, lease: lease.number, ticket: null, attempts };
};

/** Reports of all members of a lease, or of some. */
export const done = (
  lease: Given,
  text = '42',
  { runMs = 1000, offsets }: { runMs?: number; offsets?: number[] } = {},
) => reportOf(lease, OUTCOME.json, text, runMs, offsets);
export const threw = (lease: Given, text = 'boom') => reportOf(lease, OUTCOME.errored, text, 1000);
export const overran = (lease: Given) => reportOf(lease, OUTCOME.overran, '', 60_000);
export const released = (lease: Given) => reportOf(lease, OUTCOME.released, '', 10);

/** The report once more, with the ticket of its lease. */
export const proved = (report: Report, lease: Given): Report => ({ ...report, ticket: lease });

export const account = (job: Job, device: number) => job.accounts.get(device);
