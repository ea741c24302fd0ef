/** A debt is forgotten beyond so much, ms: pings that wait so long are still answered in time. */
const MOST_DEBT_MS = 8000;

/**
 * What one connection may ask of the coordinator: `perSecond` messages, of which those of one second may come at once.
 * What costs more than a message counts as several.
 */
export class Meter {
  readonly #perSecond: number;
  readonly #clock: () => number;
  #balance: number;
  #at: number;

  /** `clock` in ms, of any origin. */
  constructor(perSecond: number, clock: () => number) {
    this.#perSecond = perSecond;
    this.#clock = clock;
    this.#balance = perSecond;
    this.#at = clock();
  }

  /** Takes the cost, in messages; gives how long nothing more is to be heard, ms, 0 most of the time. */
  spend(cost: number): number {
    const now = this.#clock();
    const earned = ((now - this.#at) / 1000) * this.#perSecond;
    this.#at = now;
    const balance = Math.min(this.#perSecond, this.#balance + earned) - cost;
    this.#balance = Math.max((-MOST_DEBT_MS / 1000) * this.#perSecond, balance);
    return this.#balance >= 0 ? 0 : Math.ceil((-this.#balance / this.#perSecond) * 1000);
  }
}
