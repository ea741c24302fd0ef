import { emptied, type GridFact, withoutDevice, withoutNetwork } from '@gossamer/core';
import { lenientText, utf8 } from '@gossamer/protocol';
import { GRID_SHARD, type LogStore, type Overwrite, type Segment } from '@gossamer/store';
import type { GridState } from './grid-state.ts';

/** Stands for a cause that named the device. */
const CAUSE = 'forgotten';
const BLANK = 0x20;
/** Segments of one overwrite: the commits of others wait for it. */
const MOST_SEGMENTS = 256;

/** JSON, followed by blanks up to a length in bytes. Throws RangeError when it is longer. */
const padded = (json: string, bytes: number): Uint8Array => {
  const body = new Uint8Array(bytes).fill(BLANK);
  body.set(utf8(json));
  return body;
};

/** Empties facts of the grid's log in place (docs/adr/0030): what the state says of forgotten devices is what is to be done. */
export class GridEraser {
  readonly #store: LogStore;
  readonly #state: GridState;
  readonly #epoch: () => number;
  #running: Promise<void> = Promise.resolve();

  /** `epoch`: of the log's owner, as it is now. */
  constructor(store: LogStore, state: GridState, epoch: () => number) {
    this.#store = store;
    this.#state = state;
    this.#epoch = epoch;
  }

  /**
   * One call after the other: resolves when all is overwritten on disk, with whether nothing of it is left in any file.
   * Throws what the store throws.
   */
  async run(): Promise<boolean> {
    const running = this.#running.then(() => this.#erase());
    this.#running = running.catch(() => undefined);
    await running;
    return this.#store.swept();
  }

  async #erase(): Promise<void> {
    for (const [, device] of this.#state.forgotten) {
      if (device.facts.length === 0) continue;
      const facts = [...device.facts];
      await this.#overwrite(facts, withoutDevice, CAUSE);
      device.facts = device.facts.filter((fact) => !facts.includes(fact));
    }
    const networks = [...this.#state.superseded];
    // Their cause names the device: whoever forgets it later finds nothing of it here.
    await this.#overwrite(networks, withoutNetwork, CAUSE);
    for (const fact of networks) this.#state.superseded.delete(fact);
  }

  async #overwrite(facts: readonly number[], empty: (fact: GridFact) => GridFact, cause: string): Promise<void> {
    for (let at = 0; at < facts.length; at += MOST_SEGMENTS) {
      const wanted = facts.slice(at, at + MOST_SEGMENTS);
      const bodies = new Map<number, Overwrite>();
      for (const fact of wanted) {
        const { seq, body } = await this.#segmentOf(fact);
        const text = lenientText(bodies.get(seq)?.body ?? body);
        const shorter = emptied(text, (one, place) => (seq + place === fact ? empty(one) : one), cause);
        bodies.set(seq, { seq, body: padded(shorter, body.byteLength) });
      }
      const outcome = await this.#store.overwrite(this.#epoch(), [...bodies.values()]);
      if (outcome !== 'ok') throw new Error("the grid's log was taken over by another coordinator");
    }
  }

  async #segmentOf(fact: number): Promise<Segment> {
    for await (const segment of this.#store.read(GRID_SHARD, fact - 1, 1)) return segment;
    throw new Error(`the grid's log has no fact ${fact}`);
  }
}
