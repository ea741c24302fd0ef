/** A peer is given so long for its units, ms. */
const MOST_MS = 60_000;
/** The share of the units before the clock starts: connections are made and code is compiled meanwhile. */
const WARM_UP = 0.1;

/** Which units were done, how often, and how fast. */
export class Ledger {
  readonly #times: Uint8Array;
  readonly #warmUp: number;
  #done = 0;
  #repeated = 0;
  #from: { at: number; done: number } | null = null;
  #over: () => void = () => {};

  constructor(units: number) {
    this.#times = new Uint8Array(units);
    this.#warmUp = Math.floor(units * WARM_UP);
  }

  /** Unit `unit` was done. Throws RangeError for one that there is not. */
  add(unit: number): void {
    const times = this.#times[unit];
    if (times === undefined) throw new RangeError(`there is no unit ${unit}`);
    this.#times[unit] = 1;
    if (times > 0) {
      this.#repeated += 1;
      return;
    }
    this.#done += 1;
    if (this.#from === null && this.#done >= this.#warmUp) this.#from = { at: performance.now(), done: this.#done };
    if (this.#done === this.#times.length) this.#over();
  }

  /** Units that were done, each counted once. */
  get done(): number {
    return this.#done;
  }

  /** How often a unit was done that had been done before. */
  get repeated(): number {
    return this.#repeated;
  }

  /** Resolves when every unit was done, or when the time is up. */
  async all(): Promise<void> {
    if (this.#done === this.#times.length) return;
    let late: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#over = resolve;
      late = setTimeout(resolve, MOST_MS);
    });
    clearTimeout(late);
  }

  /** Units a second since the warm-up, up to now. */
  rate(): number {
    if (this.#from === null) return 0;
    return ((this.#done - this.#from.done) * 1000) / (performance.now() - this.#from.at);
  }
}
