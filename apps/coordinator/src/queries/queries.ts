import type { JobFact } from '@gossamer/core';
import { decodeDecisions, decodeFacts } from '@gossamer/core';
import type { DeviceId, FactView, Page, ResultEncoding, ResultView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { ChangeRow, LogStore, Position, ReadModel, ResultRow } from '@gossamer/store';
import { CHANGE } from '@gossamer/store';
import type { FinalBytes } from '../grid.ts';
import { Memo } from '../memo.ts';
import { describeForJob, describeForUnit } from './describe-fact.ts';
import { failureView } from './failure-view.ts';
import { blobOf, bodyOf, bySegments, contentOf, FAILED, mediaTypeOf, segmentsOf } from './places.ts';
import type { Projector } from './projector.ts';
import { rowsInOrder } from './rows-in-order.ts';

const HISTORY = 1000;
/** Segments that are read at once: each can be far larger than what is wanted of it. */
const SEGMENTS_AT_ONCE = 16;
/** Bodies of one page, bytes: a page of large results is shorter than was asked for. */
const PAGE_BYTES = 16 * 1024 * 1024;

/** Bodies that are folded at once, bytes. */
const FINALS_BYTES = 1024 * 1024;

const upToBytes = <Row extends ResultRow>(rows: Row[], most = PAGE_BYTES): Row[] => {
  let bytes = 0;
  const end = rows.findIndex(({ length }, i) => (bytes += length) > most && i > 0);
  return end === -1 ? rows : rows.slice(0, end);
};

/** A final result as it was returned. */
export interface FinalResult extends Position {
  encoding: number;
  body: Uint8Array;
}

/** A segment's facts in order, each with its cause. */
const numbered = (body: Uint8Array): { cause: string; fact: JobFact }[] =>
  decodeDecisions(body).flatMap(({ cause, facts }) => facts.map((fact) => ({ cause, fact })));

export const cursorOf = (row: { fact: number; unit: number }): string => `${row.fact}.${row.unit}`;

const parseCursor = (cursor: string | undefined): { fact: number; unit: number } => {
  if (cursor === undefined) return { fact: 0, unit: 0 };
  const match = /^(\d{1,15})\.(\d{1,10})$/.exec(cursor);
  if (match === null) throw new ProblemError('cursor-invalid', cursor);
  return { fact: Number(match[1]), unit: Number(match[2]) };
};

const viewOf = (row: ResultRow, body: Uint8Array): ResultView => ({
  unit: row.unit,
  cursor: cursorOf(row),
  ...contentOf(row, body),
});

const viewOfChange = (row: ChangeRow, body: Uint8Array): ResultView =>
  row.kind === CHANGE.reopened
    ? { unit: row.unit, cursor: cursorOf(row), kind: 'revoked' }
    : { ...viewOf(row, body), kind: 'provisional' };

/** What is known of a job's units now. */
export interface Standing {
  /** Whether the failures of a unit that are listed may be none any more. */
  wasRetried: (unit: number) => boolean;
  isFailed: (unit: number) => boolean;
}

const NEVER_RETRIED: Standing = { wasRetried: () => false, isFailed: () => true };

/** Segments that questions of the core were about lately: many are about one. */
const SEGMENTS = 8;

/** What people ask of a job's log: results, histories. Only facts on disk are seen. */
export class Queries {
  readonly #log: LogStore;
  readonly #reads: ReadModel;
  readonly #projector: Projector;
  readonly #deviceId: (number: number) => DeviceId | null;
  readonly #asked = new Memo<string, { first: number; facts: JobFact[] }>(SEGMENTS);

  constructor(log: LogStore, reads: ReadModel, projector: Projector, deviceId: (number: number) => DeviceId | null) {
    this.#log = log;
    this.#reads = reads;
    this.#projector = projector;
    this.#deviceId = deviceId;
  }

  /** Final results after a cursor, in the order of becoming so. */
  async results(
    job: number,
    upto: number,
    after: string | undefined,
    limit: number,
    standing: Standing = NEVER_RETRIED,
  ): Promise<Page<ResultView>> {
    const cursor = parseCursor(after);
    await this.#projector.catchUp(job, upto);
    const rows = await this.#reads.results(job, cursor, limit);
    const isAll = rows.length < limit;
    return this.#page(job, { rows, isAll }, (row, body) => this.#final(job, row, body, standing));
  }

  /** The same with provisional results, and those that no longer stand, among them: each of its kind. */
  async changingResults(
    job: number,
    upto: number,
    after: string | undefined,
    limit: number,
    standing: Standing = NEVER_RETRIED,
  ): Promise<Page<ResultView>> {
    const asked = { final: true, kinds: [CHANGE.accepted, CHANGE.reopened], after: parseCursor(after), upto, limit };
    await this.#projector.catchUp(job, upto);
    const found = await rowsInOrder(this.#reads, job, asked);
    return this.#page(job, found, async (row, body) =>
      'kind' in row ? viewOfChange(row, body) : { ...(await this.#final(job, row, body, standing)), kind: 'final' },
    );
  }

  /** As many of the rows as their bodies leave room for. */
  async #page<Row extends ResultRow>(
    job: number,
    { rows: found, isAll }: { rows: Row[]; isAll: boolean },
    view: (row: Row, body: Uint8Array) => Promise<ResultView> | ResultView,
  ): Promise<Page<ResultView>> {
    const rows = upToBytes(found);
    const items: ResultView[] = [];
    for await (const { row, body } of this.#bodies(job, rows)) items.push(await view(row, body));
    const last = rows.at(-1);
    return { items, next: last === undefined || (isAll && rows.length === found.length) ? null : cursorOf(last) };
  }

  /** A final result as it stands now: a failure may be none any more. */
  async #final(job: number, row: ResultRow, body: Uint8Array, { wasRetried, isFailed }: Standing): Promise<ResultView> {
    const view = viewOf(row, body);
    const isVoid =
      view.error !== undefined && wasRetried(row.unit) && !(isFailed(row.unit) && (await this.#isLast(job, row)));
    return isVoid ? { ...view, superseded: true } : view;
  }

  /** Bodies of final results after a position, as they were returned; `encoding` FAILED: the unit failed. */
  async finals(job: number, upto: number, after: Position, limit: number): Promise<FinalResult[]> {
    await this.#projector.catchUp(job, upto);
    const rows = upToBytes(await this.#reads.results(job, after, limit), FINALS_BYTES);
    const found: FinalResult[] = [];
    for await (const { row, body } of this.#bodies(job, rows)) {
      const { unit, fact, encoding } = row;
      found.push({ unit, fact, encoding, body });
    }
    return found;
  }

  async *#bodies<Row extends ResultRow>(
    job: number,
    rows: readonly Row[],
  ): AsyncGenerator<{ row: Row; body: Uint8Array }> {
    for (const { rows: some, seqs } of bySegments(rows, SEGMENTS_AT_ONCE)) {
      const segments = await segmentsOf(this.#log, job, seqs);
      for (const row of some) yield { row, body: bodyOf(row, segments) };
    }
  }

  async #isLast(job: number, { unit, fact }: ResultRow): Promise<boolean> {
    return (await this.#reads.result(job, unit))?.fact === fact;
  }

  /** Throws ProblemError `result-pending`. */
  async result(job: number, upto: number, unit: number): Promise<FinalBytes> {
    await this.#projector.catchUp(job, upto);
    const row = await this.#reads.result(job, unit);
    if (row === null || row.encoding === FAILED) throw new ProblemError('result-pending');
    const body = bodyOf(row, await segmentsOf(this.#log, job, [row.seq]));
    const blob = blobOf(row, body);
    if (blob === null) return { mediaType: mediaTypeOf(row, body.byteLength), body };
    return { mediaType: mediaTypeOf(row, blob.size), blob };
  }

  /** The bodies of attempts of a unit, by their ordinals, with what they are; undefined for one that is not there. */
  async attemptBodies(job: number, upto: number, unit: number, ordinals: readonly number[]) {
    await this.#projector.catchUp(job, upto);
    const rows = await this.#reads.unitFacts(job, unit, HISTORY);
    const attempts: ({ encoding: ResultEncoding; body: Uint8Array } | undefined)[] = [];
    for (const { fact: number, seq } of rows) {
      const { first, facts } = await this.#asked.get(`${job}:${seq}`, () => this.#decoded(job, seq));
      const fact = facts[number - first]!;
      if (fact.kind !== 'returned' && fact.kind !== 'errored') continue;
      for (const item of fact.items) {
        if (item.unit === unit)
          attempts.push('body' in item ? { encoding: item.encoding, body: item.body } : undefined);
      }
    }
    return ordinals.map((ordinal) => attempts[ordinal]);
  }

  async #decoded(job: number, seq: number): Promise<{ first: number; facts: JobFact[] }> {
    const segment = (await segmentsOf(this.#log, job, [seq])).get(seq)!;
    return { first: segment.seq, facts: decodeFacts(segment.body) };
  }

  /** `inSources` tells where the places of a failed attempt's stack lie in the program's sources. */
  async unitFacts(
    job: number,
    upto: number,
    unit: number,
    inSources: (stack: string) => string = (stack) => stack,
  ): Promise<FactView[]> {
    await this.#projector.catchUp(job, upto);
    const rows = await this.#reads.unitFacts(job, unit, HISTORY);
    const segments = await segmentsOf(
      this.#log,
      job,
      rows.map(({ seq }) => seq),
    );
    const views: FactView[] = [];
    for (const { fact: number, seq } of rows) {
      const segment = segments.get(seq)!;
      const { cause, fact } = numbered(segment.body)[number - segment.seq]!;
      const said = describeForUnit(fact, unit);
      if (said === null) continue;
      const device = said.device === null ? null : this.#deviceId(said.device);
      const { text, failure } = said;
      const view: FactView = { fact: number, at: fact.at, cause, kind: fact.kind, text, unit, device };
      if (failure !== undefined) view.failure = failureView(failure, inSources);
      views.push(view);
    }
    return views;
  }

  async facts(job: number, afterFact: number, limit: number): Promise<FactView[]> {
    const views: FactView[] = [];
    for await (const segment of this.#log.read(job, afterFact)) {
      for (const [i, { cause, fact }] of numbered(segment.body).entries()) {
        const number = segment.seq + i;
        if (number <= afterFact) continue;
        if (views.length === limit) return views;
        const { device, text } = describeForJob(fact);
        const who = device === null ? null : this.#deviceId(device);
        views.push({ fact: number, at: fact.at, cause, kind: fact.kind, text, unit: null, device: who });
      }
    }
    return views;
  }
}
