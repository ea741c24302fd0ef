import type { GridFact } from '@gossamer/core';
import { decodeGridFacts, encodeGridFacts } from '@gossamer/core';
import { lenientText, utf8 } from '@gossamer/protocol';
import { GRID_SHARD, type LogStore } from '@gossamer/store';
import { randomBytes } from 'node:crypto';
import type { Committer } from './committer.ts';
import { asProblem } from './committer.ts';
import { GridEraser } from './grid-eraser.ts';
import { GridState } from './grid-state.ts';
import { ShardLog } from './shard-log.ts';

/** A fact with its number in the log. */
type Numbered = [number: number, fact: GridFact];

/**
 * The grid's own log with the state that follows from it. Facts are applied when they are on disk. After a write that
 * failed, the log is taken over and read again before the next one.
 */
export class GridLog {
  readonly state = new GridState();
  /** To be called when facts were found that seemed to have failed. */
  reread: () => void = () => {};
  readonly #store: LogStore;
  readonly #committer: Committer;
  #log: ShardLog;
  /** The last fact up to which all were applied. */
  #applied = 0;
  #doubtful = false;
  /** Those who wait until what is on disk is known again. */
  readonly #waiting: (() => void)[] = [];
  #reading: Promise<void> | null = null;
  readonly #eraser: GridEraser;
  /** Devices of which the last fact is on its way to the disk: that they are forgotten. */
  readonly leaving = new Set<number>();
  /** Grows with every start: it tells the leases of this one from those of earlier ones. */
  readonly epoch: number;

  private constructor(store: LogStore, committer: Committer, log: ShardLog, facts: Numbered[]) {
    this.#store = store;
    this.#committer = committer;
    this.#log = log;
    this.epoch = log.epoch;
    this.#eraser = new GridEraser(store, this.state, () => this.#log.epoch);
    for (const [number, fact] of facts) this.state.apply(fact, number);
    this.#applied = log.committed;
  }

  static async open(store: LogStore, committer: Committer, now: number): Promise<GridLog> {
    const { log, facts } = await read(store, committer, 0);
    const grid = new GridLog(store, committer, log, facts);
    if (grid.state.secret.length === 0) {
      await grid.record('start', { kind: 'grid-created', at: now, secret: randomBytes(32).toString('hex') });
    }
    return grid;
  }

  /** Whether nothing more may be written of a device, as that would be told when it is forgotten (PV18). */
  isLeaving(device: number): boolean {
    return this.leaving.has(device) || !this.state.devices.has(device);
  }

  /**
   * Empties in the log what is told of forgotten devices and of networks of the past. Gives whether it is in no file any
   * more; where not, another process reads the log still, and the store clears it when that is over. Throws ProblemError
   * `storage-full` or `unavailable`: what is left over is done by the next call.
   */
  async erase(): Promise<boolean> {
    try {
      await this.#settle();
      return await this.#eraser.run();
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** Throws ProblemError `storage-full` or `unavailable`: the facts may be on disk nevertheless, if not applied yet. */
  record(cause: string, ...facts: GridFact[]): Promise<void> {
    return this.recordNext(cause, () => facts);
  }

  /**
   * As `record`, with facts that follow from the state as the log has it: `make` is asked when all of it was read, in the
   * turn in which its facts get their numbers. What it throws is thrown.
   */
  async recordNext(cause: string, make: () => GridFact[]): Promise<void> {
    try {
      await this.#settle();
      const facts = make();
      if (facts.length > 0) await this.#append(cause, facts);
    } catch (error) {
      throw asProblem(error);
    }
  }

  /** Resolves when it is known what is on disk: at once, or with the first record after the doubt that can find it out. */
  async known(): Promise<void> {
    if (this.#doubtful) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Finds out what is on disk, where that is not known. */
  async #settle(): Promise<void> {
    if (!this.#doubtful) return;
    this.#reading ??= this.#readAgain().finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #append(cause: string, facts: GridFact[]): Promise<void> {
    const log = this.#log;
    const first = log.next;
    try {
      await log.append(facts.length, utf8(encodeGridFacts(cause, facts)));
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
    facts.forEach((fact, place) => this.state.apply(fact, first + place));
    if (!this.#doubtful) this.#applied = log.committed;
  }

  async #readAgain(): Promise<void> {
    await this.#committer.settled();
    const { log, facts } = await read(this.#store, this.#committer, this.#applied);
    // In one turn: facts that were applied already are applied once more, and none is seen halfway.
    for (const [number, fact] of facts) this.state.apply(fact, number);
    this.#applied = log.committed;
    this.#log = log;
    this.#doubtful = false;
    this.reread();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

/** Takes the log over; gives the facts after `after`. */
const read = async (store: LogStore, committer: Committer, after: number) => {
  const facts: Numbered[] = [];
  const log = await ShardLog.open(store, committer, GRID_SHARD, ({ seq, body }) => {
    const found = decodeGridFacts(lenientText(body)).facts;
    found.forEach((fact, place) => {
      if (seq + place > after) facts.push([seq + place, fact]);
    });
  });
  return { log, facts };
};
