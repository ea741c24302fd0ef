/** A frame that cannot be read. Its message names the place; the gateway answers `exchange-malformed`. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads little-endian fields by hand; every read is checked against the end of the frame. */
export class FrameReader {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#at;
  }

  #take(size: number, what: string): number {
    const at = this.#at;
    if (size > this.bytes.byteLength - at) throw new FrameError(`the frame ends within ${what}, at byte ${at}`);
    this.#at = at + size;
    return at;
  }

  u8(what: string): number {
    return this.#view.getUint8(this.#take(1, what));
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what), true);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what), true);
  }

  /** A float64 that holds an integer of up to 53 bits, as milliseconds since 1970 are. */
  integer(what: string): number {
    const value = this.#view.getFloat64(this.#take(8, what), true);
    if (!Number.isSafeInteger(value)) throw new FrameError(`${what} is no integer`);
    return value;
  }

  /** A view into the frame, not a copy. */
  raw(size: number, what: string): Uint8Array {
    const at = this.#take(size, what);
    return this.bytes.subarray(at, at + size);
  }

  /** A length as u32, then that many bytes; a view, not a copy. */
  block(limit: number, what: string): Uint8Array {
    const size = this.u32(what);
    if (size > limit) throw new FrameError(`${what} holds ${size} bytes; at most ${limit} are allowed`);
    return this.raw(size, what);
  }

  text(limit: number, what: string): string {
    const bytes = this.block(limit, what);
    try {
      return decoder.decode(bytes);
    } catch {
      throw new FrameError(`${what} is no UTF-8 text`);
    }
  }

  /** A count as u32, refused over `limit`, so that a lying header cannot make a reader allocate. */
  count(limit: number, what: string): number {
    const count = this.u32(what);
    if (count > limit) throw new FrameError(`${what}: ${count} entries; at most ${limit} are allowed`);
    return count;
  }

  end(): void {
    if (this.#at !== this.bytes.byteLength) {
      throw new FrameError(`${this.bytes.byteLength - this.#at} bytes follow the end of the frame`);
    }
  }
}

/** A buffer that finished writers leave to the next one: most frames are far smaller than what was ever written. */
interface Scratch {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
}

const scratchOf = (capacity: number): Scratch => {
  const bytes = new Uint8Array(capacity);
  return { bytes, view: new DataView(bytes.buffer) };
};

/** A larger one is not kept. */
const MOST_KEPT = 1024 * 1024;
/** A frame that is known to be so large gets a buffer of its own, which is given away at the end: to copy it costs more. */
const LEAST_OWN = 128 * 1024;
let spare: Scratch | null = null;

/** Writes little-endian fields into one growing buffer; a large frame is not copied where its size is known beforehand. */
export class FrameWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;

  constructor(capacity = 1024) {
    const fits = spare !== null && capacity < LEAST_OWN && capacity <= spare.bytes.byteLength;
    const { bytes, view } = fits ? spare! : scratchOf(capacity);
    if (fits) spare = null;
    this.#bytes = bytes;
    this.#view = view;
  }

  get length(): number {
    return this.#at;
  }

  #grow(size: number): number {
    const at = this.#at;
    const need = at + size;
    if (need > this.#bytes.byteLength) {
      const grown = new Uint8Array(Math.max(need, this.#bytes.byteLength * 2));
      grown.set(this.#bytes.subarray(0, at));
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#at = need;
    return at;
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  integer(value: number): this {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value, true);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.byteLength);
    this.#bytes.set(bytes, at);
    return this;
  }

  block(bytes: Uint8Array): this {
    return this.u32(bytes.byteLength).raw(bytes);
  }

  text(text: string): this {
    return this.block(encoder.encode(text));
  }

  /** Overwrites a u32 written earlier at `offset`, for counts known only at the end. */
  patchU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true);
  }

  /** A view of what was written; valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }

  /**
   * What was written, in a buffer of exactly its size: a copy, unless the writer's own is that. Its `buffer` is what goes
   * onto the socket: in a browser socket.io-msgpack-parser takes only an ArrayBuffer for binary, and would turn a
   * Uint8Array into an object keyed by index. Nothing is written after it.
   */
  finish(): Uint8Array<ArrayBuffer> {
    if (this.#at === this.#bytes.byteLength) return this.#bytes;
    const whole = this.#bytes.slice(0, this.#at);
    if (this.#bytes.byteLength <= MOST_KEPT) spare = { bytes: this.#bytes, view: this.#view };
    this.#bytes = whole;
    return whole;
  }
  /**
   * What was written, for who does not mind that a large buffer is somewhat longer: that one is given away as it is.
   * Nothing is written after it.
   */
  handOver(): Uint8Array<ArrayBuffer> {
    const isNearlyFull = this.#at >= LEAST_OWN && this.#at * 2 > this.#bytes.byteLength;
    return isNearlyFull ? this.view() : this.finish();
  }
}
