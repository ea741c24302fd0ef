/** What came of asking. */
export type Outcome<Value> = { kind: 'value'; value: Value } | { kind: 'error'; error: unknown; final: boolean };

export interface RefreshOptions<Value> {
  load: (signal: AbortSignal) => Promise<Value>;
  tell: (outcome: Outcome<Value>) => void;
  /** Whether nothing is gained by asking again for the same. */
  isFinal: (error: unknown) => boolean;
  /** Between the beginnings of two asks, ms. */
  refreshMs: number;
  /** After an error that may pass, ms. */
  retryMs: number;
}

/**
 * Asks for one thing again and again, one ask at a time: what is wanted while one is under way is asked when that has been
 * answered, so that on a grid that changes all the time a slow answer still comes.
 */
export class Refresh<Value> {
  readonly #options: RefreshOptions<Value>;
  readonly #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;
  #isWanted = false;

  constructor(options: RefreshOptions<Value>) {
    this.#options = options;
  }

  /** There may be something new. */
  want(): void {
    if (this.#isAsking) this.#isWanted = true;
    else this.#askIn(Math.max(0, this.#askedAt + this.#options.refreshMs - Date.now()));
  }

  /** Nothing is told from here on. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  /** The sooner of what is asked for counts. */
  #askIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }

  async #ask(): Promise<void> {
    const { load, tell, isFinal, retryMs } = this.#options;
    const { signal } = this.#abort;
    this.#askedAt = Date.now();
    this.#isAsking = true;
    this.#isWanted = false;
    let passing = false;
    try {
      const value = await load(signal);
      if (!signal.aborted) tell({ kind: 'value', value });
    } catch (error) {
      if (!signal.aborted) {
        const final = isFinal(error);
        passing = !final;
        tell({ kind: 'error', error, final });
      }
    }
    this.#isAsking = false;
    if (signal.aborted) return;
    if (this.#isWanted) this.want();
    else if (passing) this.#askIn(retryMs);
  }
}
