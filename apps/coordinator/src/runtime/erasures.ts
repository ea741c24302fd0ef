import type { Logger } from 'pino';

/** The rest after a try that failed, ms; twice as long after each further one. */
const REST_MS = 1000;
const MOST_REST_MS = 60_000;

/**
 * Goes on with the erasing of forgotten devices until nothing is left to do: what was accepted is carried out, whatever
 * comes between (PV11). At a stop the next start takes over.
 */
export class Erasures {
  readonly #erase: () => Promise<boolean>;
  readonly #logger: Logger;
  #restMs = REST_MS;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `erase` gives whether nothing of what was to be erased is left in any file, and may throw. */
  constructor(erase: () => Promise<boolean>, logger: Logger) {
    this.#erase = erase;
    this.#logger = logger;
  }

  /** One try at once: whether nothing is left in any file. Never rejects. */
  now(): Promise<boolean> {
    const trying = this.#try();
    this.#running = trying;
    return trying;
  }

  /** A try after a rest. */
  soon(): void {
    if (this.#closed || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.now();
    }, this.#restMs).unref();
    this.#restMs = Math.min(MOST_REST_MS, 2 * this.#restMs);
  }

  /** Resolves when the try that is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #try(): Promise<boolean> {
    try {
      const isGone = await this.#erase();
      if (this.#timer === null) this.#restMs = REST_MS;
      return isGone;
    } catch (error) {
      this.#logger.warn({ error }, 'what is told of forgotten devices is not erased yet: that is tried again');
      this.soon();
      return false;
    }
  }
}
