import { grown } from './columns.ts';
import { IDENTITY_BYTES } from './identity.ts';

const WORDS = IDENTITY_BYTES / 4;
const CEILING = 0x7fff_ffff;

/**
 * Identities of results that wait for a judgement, by attempt: 16 bytes each, and 4 for every attempt that there ever
 * was. A million results can wait for a second device, so none of them is an object.
 */
export class IdentityTable {
  /** By attempt: 1 + the number of its slot, 0 when it has none. */
  #slotOf = new Uint32Array(0);
  #words = new Uint32Array(0);
  #bytes = new Uint8Array(0);
  #slots = 0;
  /** 1 + the first slot that is free; the first word of a free one says which comes next. */
  #free = 0;

  #take(): number {
    if (this.#free !== 0) {
      const slot = this.#free;
      this.#free = this.#words[(slot - 1) * WORDS]!;
      return slot;
    }
    this.#slots += 1;
    const words = grown(this.#words, this.#slots * WORDS, CEILING);
    if (words !== this.#words) this.#bytes = new Uint8Array(words.buffer);
    this.#words = words;
    return this.#slots;
  }

  set(attempt: number, identity: Uint8Array): void {
    const slot = this.#take();
    this.#slotOf = grown(this.#slotOf, attempt + 1, CEILING);
    this.#slotOf[attempt] = slot;
    this.#bytes.set(identity, (slot - 1) * IDENTITY_BYTES);
  }

  delete(attempt: number): void {
    const slot = this.#slotOf[attempt] ?? 0;
    if (slot === 0) return;
    this.#slotOf[attempt] = 0;
    this.#words[(slot - 1) * WORDS] = this.#free;
    this.#free = slot;
  }

  /** False when one of them has none. */
  same(a: number, b: number): boolean {
    const one = ((this.#slotOf[a] ?? 0) - 1) * WORDS;
    const other = ((this.#slotOf[b] ?? 0) - 1) * WORDS;
    if (one < 0 || other < 0) return false;
    for (let word = 0; word < WORDS; word++) if (this.#words[one + word] !== this.#words[other + word]) return false;
    return true;
  }

  /** By attempt; a view, valid until the next change. */
  *entries(): Generator<[attempt: number, identity: Uint8Array]> {
    for (let attempt = 0; attempt < this.#slotOf.length; attempt++) {
      const slot = this.#slotOf[attempt]!;
      if (slot !== 0) yield [attempt, this.#bytes.subarray((slot - 1) * IDENTITY_BYTES, slot * IDENTITY_BYTES)];
    }
  }
}
