/** Looks now and then, one look at a time. */
export class Looks {
  readonly #look: () => Promise<void>;
  readonly #everyMs: number;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  /** `look` must not reject. */
  constructor(look: () => Promise<void>, everyMs: number) {
    this.#look = look;
    this.#everyMs = everyMs;
  }

  start(): void {
    this.#timer = setInterval(
      () => (this.#looking ??= this.#look().finally(() => (this.#looking = null))),
      this.#everyMs,
    );
  }

  /** Whether it was closed: a long look may end then. */
  get isOver(): boolean {
    return this.#timer === null;
  }

  /** Resolves when the look that is under way is over. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    await this.#looking;
  }
}
