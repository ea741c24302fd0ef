import { GossamerError } from './error.ts';
import type { Timing } from './timing.ts';

const FIRST_MS = 200;
const LONGEST_MS = 15_000;

/**
 * Waits between tries of something that ought to work again soon: exponential with full jitter, so that many clients
 * of a coordinator that restarts do not all come back at once. Gives up `maxMs` after the last success.
 */
export class Patience {
  readonly #timing: Timing;
  readonly #maxMs: number;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;
  #since: number | null = null;

  constructor(timing: Timing, maxMs: number, signal?: AbortSignal) {
    this.#timing = timing;
    this.#maxMs = maxMs;
    this.#signal = signal;
  }

  /** Something came through. */
  succeeded(): void {
    this.#failures = 0;
    this.#since = null;
  }

  /** Waits before the next try, or throws: the abort's reason, an error that waiting does not mend, or `error`. */
  async failed(error: unknown): Promise<void> {
    this.#signal?.throwIfAborted();
    if (!(error instanceof GossamerError) || !error.transient) throw error;
    const now = this.#timing.now();
    this.#since ??= now;
    const jittered = this.#timing.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#failures);
    const wait = error.retryAfterMs ?? jittered;
    if (now - this.#since + wait > this.#maxMs) throw error;
    this.#failures++;
    await this.#timing.sleep(wait, this.#signal);
  }
}
