/** Rest between two tries, ms: a try stops the commits for as long as it takes. */
const REST_MS = 1000;

/**
 * Sees to it that the write-ahead log is cleared of what was overwritten: at most once a second, one try for all who
 * asked meanwhile, by itself until one has succeeded, and once more when it is closed.
 */
export class WalSweeper {
  readonly #clear: () => Promise<boolean>;
  #isOwed = false;
  #running: Promise<boolean> | null = null;
  /** The try that has not begun. */
  #next: Promise<boolean> | null = null;
  #restUntil = Number.NEGATIVE_INFINITY;
  #wake: () => void = () => {};
  #closed = false;

  /** `clear` gives whether nothing is left in the log that was written before; what it throws counts as no. */
  constructor(clear: () => Promise<boolean>) {
    this.#clear = clear;
  }

  /** Something was overwritten, or may have been. */
  owe(): void {
    this.#isOwed = true;
    void this.swept();
  }

  /** Resolves after a try that began when this was called or later: is all gone that was owed? Never rejects. */
  swept(): Promise<boolean> {
    if (this.#next !== null) return this.#next;
    if (!this.#isOwed || this.#closed) return this.#running ?? Promise.resolve(!this.#isOwed);
    this.#next = this.#try();
    return this.#next;
  }

  /** A last try where something is owed, at once. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake();
    await (this.#next ?? this.#running);
  }

  async #try(): Promise<boolean> {
    await this.#running;
    await this.#rest();
    this.#next = null;
    // What is owed from here on is for the try after this one.
    this.#isOwed = false;
    this.#running = this.#clear().catch(() => false);
    const isGone = await this.#running;
    this.#running = null;
    this.#restUntil = performance.now() + REST_MS;
    if (!isGone) this.owe();
    return isGone;
  }

  #rest(): Promise<void> {
    const ms = this.#restUntil - performance.now();
    if (ms <= 0 || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
