import type { GridFact } from '@gossamer/core';
import { decodeGridFacts, encodeGridFacts } from '@gossamer/core';
import { lenientText, utf8 } from '@gossamer/protocol';
import type { LogStore } from '@gossamer/store';
import { randomBytes } from 'node:crypto';
import type { Committer } from './committer.ts';
import { GridState } from './grid-state.ts';
import { ShardLog } from './shard-log.ts';

const GRID_SHARD = 0;

/** The grid's own log with the state that follows from it. Facts are applied when they are on disk. */
export class GridLog {
  readonly state: GridState;
  readonly #log: ShardLog;

  private constructor(state: GridState, log: ShardLog) {
    this.state = state;
    this.#log = log;
  }

  static async open(log: LogStore, committer: Committer, now: number): Promise<GridLog> {
    const state = new GridState();
    const shard = await ShardLog.open(log, committer, GRID_SHARD, ({ body }) => {
      for (const fact of decodeGridFacts(lenientText(body)).facts) state.apply(fact);
    });
    const grid = new GridLog(state, shard);
    if (state.secret.length === 0) {
      await grid.record('start', { kind: 'grid-created', at: now, secret: randomBytes(32).toString('hex') });
    }
    return grid;
  }

  /** Grows with every start: it tells the leases of this one from those of earlier ones. */
  get epoch(): number {
    return this.#log.epoch;
  }

  async record(cause: string, ...facts: GridFact[]): Promise<void> {
    await this.#log.append(facts.length, utf8(encodeGridFacts(cause, facts)));
    for (const fact of facts) this.state.apply(fact);
  }
}
