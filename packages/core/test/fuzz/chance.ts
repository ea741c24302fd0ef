/** Numbers that look random and follow from a seed; see mulberry32. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** 0 up to below 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 up to below `bound`. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!;
  }

  bytes(size: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at++) bytes[at] = this.below(256);
    return bytes;
  }

  u16(): number {
    return this.pick([0, 1, 0xffff, this.below(0x10000)]);
  }

  u32(): number {
    return this.pick([0, 1, 0x7fff_ffff, 0xffff_ffff, this.below(2 ** 32), this.below(2 ** 32)]);
  }

  /** Up to `most` items. */
  list<Item>(most: number, make: () => Item): Item[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }

  text(most: number): string {
    return this.list(most, () => this.pick(['a', 'ß', '€', '😀', '\u0000', '\u{feff}', '"'])).join('');
  }
}

/** The generator of one frame: it can be made again without those before it. */
export const chanceOf = (seed: number, frame: number): Chance => new Chance(Math.imul(seed, 0x9e3779b1) ^ frame);
