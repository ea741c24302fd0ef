/** Calls `publish` when something changed, at most once an interval, and never while the last call is under way. */
export class Publisher {
  readonly #publish: () => Promise<void> | void;
  readonly #intervalMs: number;
  #dirty = false;
  #busy = false;

  constructor(intervalMs: number, publish: () => Promise<void> | void) {
    this.#intervalMs = intervalMs;
    this.#publish = publish;
  }

  changed(): void {
    this.#dirty = true;
    if (!this.#busy) void this.#go();
  }

  async #go(): Promise<void> {
    this.#busy = true;
    while (this.#dirty) {
      // What changes in the same turn belongs to the same call.
      await Promise.resolve();
      this.#dirty = false;
      await Promise.all([this.#publish(), new Promise((resolve) => setTimeout(resolve, this.#intervalMs))]);
    }
    this.#busy = false;
  }
}
