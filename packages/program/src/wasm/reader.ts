import { WASM_BOUNDS } from './limits.ts';
import { WasmFault, hex } from './fault.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads a part of a module from its beginning to its end, each read checked. Integers are LEB128 as the specification
 * of WebAssembly bounds them: at most as many bytes as the width needs, padding allowed, no bit beyond the width.
 */
export class Reader {
  readonly bytes: Uint8Array;
  /** Where the part ends; offsets count from the beginning of the module. */
  readonly end: number;
  /** Where the next byte is read. */
  at: number;
  /** Which part this is, for messages. */
  readonly part: string;

  constructor(bytes: Uint8Array, part: string, at = 0, end = bytes.byteLength) {
    this.bytes = bytes;
    this.part = part;
    this.at = at;
    this.end = end;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) throw new WasmFault('truncated', this.at, `${this.part} ends too early`);
    return this.bytes[this.at++]!;
  }

  skip(size: number): void {
    if (size > this.left) throw new WasmFault('truncated', this.at, `${this.part} ends too early`);
    this.at += size;
  }

  u32(): number {
    return this.#leb(32, false);
  }

  s32(): number {
    return this.#leb(32, true);
  }

  /** A block's type, where it is an index; whole in a number. */
  s33(): number {
    return this.#leb(33, true);
  }

  /** Checked and skipped: its value is of no use to a validator. */
  skipS64(): void {
    this.#leb(64, true);
  }

  /** Values beyond 53 bits are not exact; only `skipS64` reads such, and drops them. */
  #leb(width: number, signed: boolean): number {
    const start = this.at;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift + 7 >= width && !isLastByte(byte, width - shift, signed)) {
        throw new WasmFault('malformed', start, `an integer of ${width} bits is too long or too large`);
      }
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return signed && (byte & 0x40) !== 0 ? value - 2 ** (shift + 7) : value;
    }
  }

  /**
   * How many entries follow. Each takes at least `entryBytes`, so that a count which cannot be true is refused before
   * anything is made of it.
   */
  count(what: string, most: number, entryBytes = 1): number {
    const start = this.at;
    const count = this.u32();
    if (count > most) throw new WasmFault('too-many', start, `${count} ${what}; ${most} are allowed`);
    if (count * entryBytes > this.left) {
      throw new WasmFault('truncated', start, `${count} ${what} are announced in ${this.left} bytes`);
    }
    return count;
  }

  name(what: string): string {
    const start = this.at;
    const size = this.count(`bytes in the name of ${what}`, WASM_BOUNDS.nameBytes);
    const text = this.bytes.subarray(this.at, this.at + size);
    this.at += size;
    try {
      return decoder.decode(text);
    } catch {
      throw new WasmFault('malformed', start, `the name of ${what} is no UTF-8`);
    }
  }

  /** The next `size` bytes as a part of their own; this reader goes on behind them. */
  inner(size: number, part: string): Reader {
    const start = this.at;
    if (size > this.left)
      throw new WasmFault('truncated', start, `${part} has ${size} bytes, of which ${this.left} are there`);
    this.at += size;
    return new Reader(this.bytes, part, start, start + size);
  }

  expectEnd(): void {
    if (this.left > 0)
      throw new WasmFault('malformed', this.at, `${this.left} bytes too many at the end of ${this.part}`);
  }

  /** Reads a byte that has only this one value. */
  expect(byte: number, what: string): void {
    const start = this.at;
    const found = this.byte();
    if (found !== byte) throw new WasmFault('malformed', start, `${what} is ${hex(found)} in place of ${hex(byte)}`);
  }
}

/** Whether a byte may be the last one of an integer of which `bits` (1 to 7) bits are left. */
const isLastByte = (byte: number, bits: number, signed: boolean): boolean => {
  if (byte >= 0x80) return false;
  if (!signed) return byte < 2 ** bits;
  const sign = byte >> (bits - 1);
  return sign === 0 || sign === (1 << (8 - bits)) - 1;
};
