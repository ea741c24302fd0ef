import { decodeFacts } from '@gossamer/core';
import type { JobFact } from '@gossamer/core';
import { ProblemError } from '@gossamer/protocol';
import type { ChangeRow, LogStore, ReadModel, ResultRow, Segment, UnitFactRow } from '@gossamer/store';
import { CHANGE } from '@gossamer/store';
import { FAILED } from './places.ts';
import { SettledUnits } from './settled-units.ts';

/** Where the body of an attempt's result lies in a segment; null for one that errored. */
type Place = { seq: number; offset: number; length: number; encoding: number } | null;

interface Progress {
  /** The last fact that was read. */
  fact: number;
  /** By unit that is not settled: its attempts in the order of their ordinals. */
  attempts: Map<number, Place[]>;
  settled: SettledUnits;
  /** By provisional unit: the device on whose word it stands. */
  vouchers: Map<number, number>;
  /** By failed unit: how many attempts it had. Their ordinals stay theirs if it is retried. */
  failed: Map<number, number>;
}

interface Rows {
  results: ResultRow[];
  unitFacts: UnitFactRow[];
  changes: ChangeRow[];
}

const newProgress = (): Progress => ({
  fact: 0,
  attempts: new Map(),
  settled: new SettledUnits(),
  vouchers: new Map(),
  failed: new Map(),
});

/** Late ones of a settled unit are of no use here: nothing rests on their places. */
const addAttempt = (progress: Progress, unit: number, place: Place): void => {
  if (progress.settled.has(unit)) return;
  const attempts = progress.attempts.get(unit);
  if (attempts === undefined) progress.attempts.set(unit, [place]);
  else attempts.push(place);
};

const settle = (progress: Progress, unit: number): void => {
  progress.settled.add(unit);
  progress.attempts.delete(unit);
  progress.vouchers.delete(unit);
};

/** Bytes of a reason, as they lie in a segment: the last text of the fact. */
const reasonPlace = (segment: Segment, reason: string): { offset: number; length: number } => {
  const bytes = Buffer.from(reason);
  const body = Buffer.from(segment.body.buffer, segment.body.byteOffset, segment.body.byteLength);
  return { offset: body.indexOf(bytes), length: bytes.byteLength };
};

/** Of changes where there is nothing to read. */
const NOWHERE = { offset: 0, length: 0, encoding: 0 } as const;

const projectFact = (progress: Progress, segment: Segment, number: number, fact: JobFact, rows: Rows): void => {
  const { seq } = segment;
  const speaksOf = (unit: number) => rows.unitFacts.push({ unit, fact: number, seq });
  const reopen = (unit: number): void => {
    rows.changes.push({ kind: CHANGE.reopened, unit, fact: number, seq, ...NOWHERE });
    progress.vouchers.delete(unit);
  };
  switch (fact.kind) {
    case 'returned':
      for (const { unit, body, encoding } of fact.items) {
        speaksOf(unit);
        const offset = body.byteOffset - segment.body.byteOffset;
        addAttempt(progress, unit, { seq, offset, length: body.byteLength, encoding });
      }
      return;
    case 'errored':
      for (const { unit } of fact.items) {
        speaksOf(unit);
        addAttempt(progress, unit, null);
      }
      return;
    case 'judged':
      for (const { unit, canonical } of fact.items) {
        speaksOf(unit);
        // A verdict that chooses no result leaves the unit as it is: open, or settled already.
        if (canonical === null) continue;
        const place = progress.attempts.get(unit)?.[canonical];
        settle(progress, unit);
        if (place !== null && place !== undefined) rows.results.push({ unit, fact: number, ...place });
      }
      return;
    case 'compared':
    case 'revoked':
      for (const { unit } of fact.items) speaksOf(unit);
      return;
    case 'accepted':
      for (const { unit, ordinal } of fact.items) {
        speaksOf(unit);
        const place = progress.attempts.get(unit)?.[ordinal];
        if (place !== null && place !== undefined)
          rows.changes.push({ kind: CHANGE.accepted, unit, fact: number, ...place });
        progress.vouchers.set(unit, fact.device);
      }
      return;
    case 'audited':
      for (const { unit } of fact.items) {
        speaksOf(unit);
        if (progress.vouchers.has(unit)) reopen(unit);
      }
      return;
    case 'caught':
      for (const [unit, device] of progress.vouchers) {
        if (device !== fact.device) continue;
        speaksOf(unit);
        reopen(unit);
      }
      return;
    case 'failed':
      speaksOf(fact.unit);
      progress.failed.set(fact.unit, progress.attempts.get(fact.unit)?.length ?? 0);
      rows.results.push({ unit: fact.unit, fact: number, seq, ...reasonPlace(segment, fact.reason), encoding: FAILED });
      settle(progress, fact.unit);
      return;
    case 'lost':
      for (const { unit } of fact.items) speaksOf(unit);
      return;
    case 'withdrawn':
      for (const unit of fact.units) speaksOf(unit);
      return;
    case 'retried':
      for (const unit of fact.units) {
        speaksOf(unit);
        progress.settled.remove(unit);
        progress.attempts.set(unit, Array<Place>(progress.failed.get(unit) ?? 0).fill(null));
        progress.failed.delete(unit);
      }
      rows.changes.push({ kind: CHANGE.retried, unit: 0, fact: number, seq, ...NOWHERE });
      return;
    case 'held':
    case 'released': {
      const place = { seq, ...reasonPlace(segment, fact.reason), encoding: FAILED };
      rows.changes.push({ kind: CHANGE[fact.kind], unit: 0, fact: number, ...place });
      return;
    }
    default:
      return;
  }
};

/**
 * Follows the logs of jobs that are asked for and writes the read model: lazily, so that a job nobody reads costs
 * nothing. It keeps in memory where the results of unsettled units lie; after a start it reads a log from its
 * beginning once.
 */
export class Projector {
  readonly #log: LogStore;
  readonly #reads: ReadModel;
  readonly #progress = new Map<number, Progress>();
  readonly #running = new Map<number, Promise<void>>();
  readonly #gone = new Set<number>();

  constructor(log: LogStore, reads: ReadModel) {
    this.#log = log;
    this.#reads = reads;
  }

  /** Of a job that was deleted nothing is projected any more; what is under way has ended when it resolves. */
  async forget(job: number): Promise<void> {
    this.#gone.add(job);
    await this.#running.get(job)?.catch(() => undefined);
    this.#progress.delete(job);
  }

  /** Resolves when everything up to fact `upto` is in the read model. Throws ProblemError `job-unknown` for a job that was deleted. */
  async catchUp(job: number, upto: number): Promise<void> {
    while ((this.#progress.get(job)?.fact ?? 0) < upto) {
      if (this.#gone.has(job)) throw new ProblemError('job-unknown', 'it was deleted');
      let running = this.#running.get(job);
      if (running === undefined) {
        running = this.#read(job).finally(() => this.#running.delete(job));
        this.#running.set(job, running);
      }
      await running;
    }
  }

  async #read(job: number): Promise<void> {
    const progress = this.#progress.get(job) ?? newProgress();
    // A failure may leave half a segment in it: then the log is read from its beginning once more.
    this.#progress.delete(job);
    for await (const segment of this.#log.read(job, progress.fact)) {
      const rows: Rows = { results: [], unitFacts: [], changes: [] };
      decodeFacts(segment.body).forEach((fact, i) => {
        // A segment that was joined since may begin with facts that were read before.
        if (segment.seq + i > progress.fact) projectFact(progress, segment, segment.seq + i, fact, rows);
      });
      await this.#reads.project(job, segment.seq + segment.n - 1, rows);
      progress.fact = segment.seq + segment.n - 1;
    }
    this.#progress.set(job, progress);
  }
}
