import type { Logger } from 'pino';

/** The rest after a try that failed, ms; twice as long after each further one. */
const REST_MS = 1000;
const MOST_REST_MS = 60_000;

/**
 * Goes on with something until nothing of it is left to do: what was accepted is carried out, whatever comes between
 * (PV11, RN6). At a stop the next start takes over.
 */
export class GoingOn {
  readonly #work: () => Promise<boolean>;
  readonly #failed: string;
  readonly #logger: Logger;
  #restMs = REST_MS;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<unknown> = Promise.resolve();
  #closed = false;

  /** `work` gives whether nothing is left to do, and may throw; `failed` is what is logged then. */
  constructor(work: () => Promise<boolean>, failed: string, logger: Logger) {
    this.#work = work;
    this.#failed = failed;
    this.#logger = logger;
  }

  /** One try at once: whether nothing is left to do. Never rejects. */
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
      const isDone = await this.#work();
      if (this.#timer === null) this.#restMs = REST_MS;
      return isDone;
    } catch (error) {
      this.#logger.warn({ error }, this.#failed);
      this.soon();
      return false;
    }
  }
}
