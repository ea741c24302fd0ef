import { DataError } from './data-error.ts';
import type { KeywordType } from './filterbank-keywords.ts';
import { MAX_STRING_BYTES } from './filterbank-keywords.ts';

/** Reads the little-endian values of a SIGPROC header one after the other. */
export class HeaderReader {
  offset = 0;
  readonly #view: DataView;

  constructor(head: Uint8Array) {
    this.#view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  }

  #take(bytes: number, what: string): number {
    const at = this.offset;
    if (at + bytes > this.#view.byteLength) {
      throw new DataError('data-truncated', `the file ends inside its header, at ${what} (byte ${at})`);
    }
    this.offset += bytes;
    return at;
  }

  /** The next text: an int32 length, then that many bytes of printable ASCII. */
  string(what: string): string {
    const at = this.offset;
    const length = this.int(`the length of ${what}`);
    if (length < 0 || length > MAX_STRING_BYTES) {
      throw new DataError('data-bad-header', `${what} at byte ${at} has the impossible length ${length}`);
    }
    const from = this.#take(length, what);
    let text = '';
    for (let i = 0; i < length; i++) {
      const byte = this.#view.getUint8(from + i);
      if (byte < 0x20 || byte > 0x7e) {
        throw new DataError('data-bad-header', `${what} at byte ${at} is not text`);
      }
      text += String.fromCharCode(byte);
    }
    return text;
  }

  int(what: string): number {
    return this.#view.getInt32(this.#take(4, what), true);
  }

  value(type: KeywordType, keyword: string): number | string {
    switch (type) {
      case 'int':
        return this.int(keyword);
      case 'double':
        return this.#view.getFloat64(this.#take(8, keyword), true);
      case 'char':
        return this.#view.getInt8(this.#take(1, keyword));
      case 'string':
        return this.string(`the value of ${keyword}`);
      case 'flag':
        return 1;
    }
  }
}
