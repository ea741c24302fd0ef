import { GossamerError } from './error.ts';
import { type OpenJob, PIECE } from './open-job.ts';
import { type StreamValue, streamValue } from './stream-format.ts';
import type { Timing } from './timing.ts';

/**
 * Inputs that come within so many ms are sent together; and requests follow each other no sooner than that, ms: an address may
 * send some tens a second.
 */
const GATHER_MS = 5;
const APART_MS = 40;

/** How much of the inputs may be under way: read, and not answered by a result that was taken. */
export interface Window {
  inputs: number;
  /** Bytes, or characters. */
  size: number;
}

/** What became of the inputs. */
export interface Fed {
  failure: { error: unknown } | null;
  /** The coordinator knows that no more come: the job will come to an end. */
  isClosed: boolean;
}

const settled = (work: Promise<unknown>): Promise<{ error: unknown } | null> =>
  work.then(
    () => null,
    (error: unknown) => ({ error }),
  );

/** The part of the window that is full when it is filled again. */
const REFILL = 0.75;

/** The window unless told otherwise. */
export const WINDOW: Window = { inputs: 65_536, size: 64 * 1024 * 1024 };

interface UnderWay<In> {
  input: In;
  size: number;
}

/**
 * Reads inputs and gives them to a job, as many at once as came meanwhile, and no more than the window has room for: whoever
 * takes no results is sent no more inputs, so that a pipe of any length needs the memory of the window.
 */
export class Feeder<In> {
  readonly #open: OpenJob<In>;
  readonly #window: Window;
  readonly #timing: Timing;
  readonly #signal: AbortSignal;
  readonly #underWay = new Map<number, UnderWay<In>>();
  #size = 0;
  #queue: StreamValue[] = [];
  /** Inputs that were read; and those that the job has from an earlier try of the client, which are not sent again. */
  #read = 0;
  readonly #known: number;
  #queued = 0;
  #isFull = false;
  #sentAt = Number.NEGATIVE_INFINITY;
  /** Of the inputs under way, those that the coordinator has. */
  #out = 0;
  #waiting = false;
  #isEnded = false;
  #isStopped = false;
  #wake: () => void = () => undefined;
  #changed: Promise<void> = Promise.resolve();

  /** `signal`: ends it at once, wherever it waits. */
  constructor(open: OpenJob<In>, window: Window, timing: Timing, signal: AbortSignal) {
    this.#open = open;
    this.#window = window;
    this.#timing = timing;
    this.#signal = signal;
    this.#known = open.total;
    this.#renew();
    signal.addEventListener('abort', () => this.#change(), { once: true });
  }

  /** The input of a unit whose result was not taken yet. */
  input(unit: number): In | undefined {
    return this.#underWay.get(unit)?.input;
  }

  /** The result of a unit was taken: there is room for others. */
  taken(unit: number): void {
    const known = this.#underWay.get(unit);
    if (known === undefined) return;
    this.#underWay.delete(unit);
    this.#size -= known.size;
    this.#out -= 1;
    this.#change();
  }

  /**
   * Resolves when all inputs are with the coordinator and closed, or cannot be: with what went wrong, if anything did. What came
   * before an error, of the inputs or of what was made of them, is closed as well: its results are not lost.
   */
  async feed(inputs: AsyncIterator<In> | Iterator<In>): Promise<Fed> {
    const sending = this.#send();
    // It may wait for an input that never comes: then nothing waits for it.
    const reading = this.#readAll(inputs).finally(() => {
      this.#isEnded = true;
      this.#change();
    });
    const failure = await settled(Promise.all([reading, sending]));
    // Nothing more is read where sending has failed; what was read before the inputs broke off is still sent.
    this.#isStopped = true;
    this.#change();
    const late = await settled(sending);
    if (this.#signal.aborted) return { failure: null, isClosed: false };
    const closing = await settled(this.#open.close({ signal: this.#signal }));
    return { failure: failure ?? late ?? closing, isClosed: closing === null };
  }

  async #readAll(inputs: AsyncIterator<In> | Iterator<In>): Promise<void> {
    for (;;) {
      await this.#until(() => this.#hasRoom() || this.#isStopped);
      if (this.#isStopped || this.#signal.aborted) return;
      const step = inputs.next();
      // Whoever has its inputs at hand pays no turn for each.
      const { done, value } = 'then' in step ? await step : step;
      if (done === true || this.#isStopped || this.#signal.aborted) return;
      this.#take(value);
    }
  }

  #take(input: In): void {
    const unit = this.#read;
    const value = streamValue(this.#open.format, input, unit);
    this.#read += 1;
    this.#underWay.set(unit, { input, size: value.size });
    this.#size += value.size;
    if (unit < this.#known) {
      this.#out += 1;
      return;
    }
    this.#queue.push(value);
    this.#queued += value.size;
    if (this.#queue.length === 1 || this.#isPiece) this.#change();
  }

  /** Closes the inputs early, as far as they are with the coordinator. What comes of that is nobody's concern any more. */
  async leave(): Promise<void> {
    await this.#open.close({ once: true }).catch(() => undefined);
  }

  /**
   * Once the window was full, it is filled again when a quarter of it is free: whoever takes results one by one shall not send
   * inputs one by one.
   */
  #hasRoom(): boolean {
    const { inputs, size } = this.#window;
    const part = this.#isFull ? REFILL : 1;
    const count = this.#underWay.size;
    const hasRoom = count === 0 || (count < Math.max(1, inputs * part) && this.#size < size * part);
    this.#isFull = !hasRoom;
    return hasRoom;
  }

  get #isPiece(): boolean {
    return this.#queue.length >= PIECE.values || this.#queued >= PIECE.size;
  }

  async #send(): Promise<void> {
    for (;;) {
      await this.#until(() => this.#queue.length > 0 || this.#isEnded);
      if (this.#signal.aborted || this.#queue.length === 0) return;
      if (!this.#isEnded && !this.#isPiece) await this.#gather();
      if (this.#signal.aborted) return;
      this.#sentAt = this.#timing.now();
      await this.#append(this.#nextPiece());
    }
  }

  async #gather(): Promise<void> {
    const apart = this.#sentAt + APART_MS - this.#timing.now();
    await this.#timing.sleep(Math.max(GATHER_MS, apart), this.#signal).catch(() => undefined);
  }

  /** From the front of the queue: at least one value. */
  #nextPiece(): StreamValue[] {
    let size = 0;
    let count = 0;
    while (count < Math.min(this.#queue.length, PIECE.values)) {
      const more = this.#queue[count]!.size;
      if (count > 0 && size + more > PIECE.size) break;
      size += more;
      count += 1;
    }
    const piece = this.#queue.slice(0, count);
    this.#queue = this.#queue.slice(count);
    this.#queued -= size;
    return piece;
  }

  /** Where the quota has no room, results of what is out have to come first, and less is sent at once. */
  async #append(all: readonly StreamValue[]): Promise<void> {
    let left = all;
    let most = all.length;
    while (left.length > 0 && !this.#signal.aborted) {
      const piece = left.slice(0, most);
      try {
        await this.#open.send(piece, { signal: this.#signal });
        this.#out += piece.length;
        left = left.slice(piece.length);
      } catch (error) {
        if (this.#signal.aborted) return;
        // Its own results make room for more units and bytes of inputs, never for more results.
        const isFull =
          error instanceof GossamerError && error.code === 'quota-exceeded' && error.quota?.name !== 'resultBytes';
        const out = this.#out;
        if (!isFull || (out === 0 && piece.length === 1)) throw error;
        most = Math.ceil(piece.length / 2);
        await this.#until(() => out === 0 || this.#out < out);
      }
    }
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.#signal.aborted) {
      this.#waiting = true;
      await this.#changed;
    }
  }

  #renew(): void {
    this.#changed = new Promise((resolve) => (this.#wake = resolve));
  }

  #change(): void {
    if (!this.#waiting) return;
    this.#waiting = false;
    const wake = this.#wake;
    this.#renew();
    wake();
  }
}
