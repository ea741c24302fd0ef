/** Calls `publish` when something changed, at most once an interval, and never while the last call is under way. */
export class Publisher {
  readonly #publish: () => Promise<void> | void;
  readonly #intervalMs: number;
  #dirty = false;
  #urgent = false;
  #busy = false;
  #wake: () => void = () => {};

  constructor(intervalMs: number, publish: () => Promise<void> | void) {
    this.#publish = publish;
    this.#intervalMs = intervalMs;
  }

  changed(): void {
    this.#dirty = true;
    if (!this.#busy) void this.#go();
  }

  /** The same, for what somebody waits to see: it does not wait for the interval. */
  changedNow(): void {
    this.#urgent = true;
    this.#wake();
    this.changed();
  }

  async #go(): Promise<void> {
    this.#busy = true;
    while (this.#dirty) {
      // What changes in the same turn belongs to the same call.
      await Promise.resolve();
      this.#dirty = false;
      this.#urgent = false;
      await Promise.all([this.#publish(), this.#interval()]);
    }
    this.#busy = false;
  }

  async #interval(): Promise<void> {
    if (this.#urgent) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#intervalMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
