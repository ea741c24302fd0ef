import type { ChangeKind, ChangeRow, LogStore, Position, ReadModel, ResultRow, Segment } from '@gossamer/store';
import { CHANGE } from '@gossamer/store';
import type { Content } from './places.ts';
import { blobOf, bodyOf, contentOf, segmentsOf } from './places.ts';
import type { Projector } from './projector.ts';
import { rowsInOrder } from './rows-in-order.ts';

/** What is told of a job: results that are final or provisional, those that no longer stand, and orders. */
export type Told = 'final' | 'provisional' | 'reopened' | 'held' | 'released';

const KINDS: Record<Exclude<Told, 'final'>, ChangeKind> = {
  provisional: CHANGE.accepted,
  reopened: CHANGE.reopened,
  held: CHANGE.held,
  released: CHANGE.released,
};
const TOLD = new Map<ChangeKind, Told>(Object.entries(KINDS).map(([told, kind]) => [kind, told as Told]));

/** What follows each other and is of one kind, after some position up to and with `upto`. */
export interface Run {
  told: Told;
  upto: Position;
}

/** `size`: of what is too large to be told, its bytes. */
export type Item = { unit: number } & (Content | { size: number });

/** Of one run, at the most; and the bytes of its items together, those left out that are told by reference. */
const ITEMS = 200;
const RUN_BYTES = 256 * 1024;
/** A larger result is told by reference, bytes. */
const INLINE_BYTES = 16 * 1024;
/** A segment can be far larger than what is wanted of it: only some are in memory at once. */
const SEGMENTS = 16;

const compare = (a: Position, b: Position): number => a.fact - b.fact || a.unit - b.unit;

const toldBy = (row: ResultRow | ChangeRow): Told => ('kind' in row ? TOLD.get(row.kind)! : 'final');

const inlineBytes = ({ length }: ResultRow): number => (length > INLINE_BYTES ? 0 : length);

/** How many rows from the first on are of one kind and fit. */
const lengthOfRun = (rows: readonly (ResultRow | ChangeRow)[]): number => {
  const told = toldBy(rows[0]!);
  if (told === 'held' || told === 'released') return 1;
  let bytes = 0;
  const end = rows.findIndex((row, i) => {
    bytes += inlineBytes(row);
    return i > 0 && (toldBy(row) !== told || i === ITEMS || bytes > RUN_BYTES);
  });
  return end === -1 ? rows.length : end;
};

/** A result in full, or of a large one its size. */
const toldOf = (row: ResultRow, segments: ReadonlyMap<number, Segment>): Content | { size: number } => {
  if (row.length > INLINE_BYTES) return { size: row.length };
  const body = bodyOf(row, segments);
  const blob = blobOf(row, body);
  return blob === null ? contentOf(row, body) : { size: blob.size };
};

/**
 * Reads what is told of a job in the order of its log, from any position on. The same positions give the same, at any
 * time: what is to be told again need not be kept.
 */
export class JobChanges {
  readonly #log: LogStore;
  readonly #reads: ReadModel;
  readonly #projector: Projector;

  constructor(log: LogStore, reads: ReadModel, projector: Projector) {
    this.#log = log;
    this.#reads = reads;
    this.#projector = projector;
  }

  /** The next run after a position of what is asked for; `last` is the job's last fact on disk. null: there is none. */
  async next(job: number, last: number, after: Position, wanted: ReadonlySet<Told>): Promise<Run | null> {
    if (last === 0 || wanted.size === 0) return null;
    await this.#projector.catchUp(job, last);
    const rows = await this.#rows(job, wanted, after, last);
    if (rows.length === 0) return null;
    const { fact, unit } = rows[lengthOfRun(rows) - 1]!;
    return { told: toldBy(rows[0]!), upto: { fact, unit } };
  }

  /** The numbers of the facts up to `last` by which failed units were opened again, in order. */
  async retries(job: number, last: number): Promise<number[]> {
    await this.#projector.catchUp(job, last);
    const facts: number[] = [];
    for (let after: Position = { fact: 0, unit: 0 }; ;) {
      const rows = await this.#reads.changes(job, [CHANGE.retried], after, ITEMS);
      for (const { fact } of rows) if (fact <= last) facts.push(fact);
      if (rows.length < ITEMS) return facts;
      after = rows.at(-1)!;
    }
  }

  /** What a run holds. */
  async read(job: number, told: Told, from: Position, upto: Position): Promise<Item[]> {
    await this.#projector.catchUp(job, upto.fact);
    const found = await this.#rows(job, new Set([told]), from, upto.fact);
    const rows = found.filter((row) => compare(row, upto) <= 0);
    const items: Item[] = [];
    for (let at = 0; at < rows.length; at += SEGMENTS) {
      const some = rows.slice(at, at + SEGMENTS);
      const near = some.filter((row) => row.length <= INLINE_BYTES).map(({ seq }) => seq);
      const segments = await segmentsOf(this.#log, job, near);
      for (const row of some) {
        items.push({ unit: row.unit, ...toldOf(row, segments) });
      }
    }
    return items;
  }

  async #rows(
    job: number,
    wanted: ReadonlySet<Told>,
    after: Position,
    upto: number,
  ): Promise<(ResultRow | ChangeRow)[]> {
    const kinds = Object.entries(KINDS).flatMap(([told, kind]) => (wanted.has(told as Told) ? [kind] : []));
    const asked = { final: wanted.has('final'), kinds, after, upto, limit: ITEMS };
    return (await rowsInOrder(this.#reads, job, asked)).rows;
  }
}
