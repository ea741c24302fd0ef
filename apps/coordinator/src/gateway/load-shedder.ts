/** While the oldest exchange under way is younger than this, ms, everything is let in. */
const SLOW_MS = 500;
/** Frames of exchanges under way, bytes in all: what the process holds of them is bounded. */
const MOST_BYTES = 64 * 1024 * 1024;
/** So few exchanges are no load, however long they take: a slow disk is not made faster by refusing them. */
const FEW = 64;
const LEAST_RETRY_MS = 250;
const MOST_RETRY_MS = 30_000;
/** The numbers of let in and refused exchanges are halved this often, ms. */
const HALF_LIFE_MS = 1000;

/** An exchange that was let in: to be handed back to `leave` when it is answered or parked. */
export interface Admitted {
  readonly at: number;
  readonly bytes: number;
}

/**
 * Lets exchanges in as long as those under way are decided and written in time, and tells the others when to come
 * again: so that memory and the latency of what is let in stay bounded, whatever is offered.
 */
export class LoadShedder {
  readonly #clock: () => number;
  /** In the order of their coming. */
  readonly #underWay = new Set<Admitted>();
  #bytes = 0;
  #letIn = 0;
  #refused = 0;
  #halvedAt = 0;
  /** Refused since the start. */
  refusals = 0;

  /** `clock` in ms, of any origin. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Lets an exchange in, or gives null: then it is to come again after `retryAfterMs`. */
  enter(bytes: number): Admitted | null {
    const at = this.#clock();
    this.#fade(at);
    if (this.#isFull(at, bytes)) {
      this.#refused += 1;
      this.refusals += 1;
      return null;
    }
    this.#letIn += 1;
    const admitted = { at, bytes };
    this.#underWay.add(admitted);
    this.#bytes += bytes;
    return admitted;
  }

  leave(admitted: Admitted): void {
    if (this.#underWay.delete(admitted)) this.#bytes -= admitted.bytes;
  }

  /** When the refused ones are to come again, ms: as many of them as can be let in a second, one after the other. */
  get retryAfterMs(): number {
    const seconds = this.#refused / Math.max(1, this.#letIn);
    return Math.round(Math.min(MOST_RETRY_MS, Math.max(LEAST_RETRY_MS, seconds * 1000)));
  }

  #isFull(now: number, bytes: number): boolean {
    if (this.#underWay.size < FEW) return false;
    if (this.#bytes + bytes > MOST_BYTES) return true;
    const oldest = this.#underWay.values().next().value;
    return oldest !== undefined && now - oldest.at > SLOW_MS;
  }

  #fade(now: number): void {
    if (now - this.#halvedAt < HALF_LIFE_MS) return;
    this.#letIn /= 2;
    this.#refused /= 2;
    this.#halvedAt = now;
  }
}
