const FEW = 1024;

/** Which units of a job are settled: a bit each, so that a million of them are small. */
export class SettledUnits {
  #bits = new Uint8Array(FEW);

  add(unit: number): void {
    const at = unit >>> 3;
    if (at >= this.#bits.byteLength) {
      const grown = new Uint8Array(2 ** Math.ceil(Math.log2(at + 1)));
      grown.set(this.#bits);
      this.#bits = grown;
    }
    this.#bits[at]! |= 1 << (unit & 7);
  }

  /** A unit that is open again after all. */
  remove(unit: number): void {
    if (this.has(unit)) this.#bits[unit >>> 3]! &= ~(1 << (unit & 7));
  }

  has(unit: number): boolean {
    return ((this.#bits[unit >>> 3] ?? 0) & (1 << (unit & 7))) !== 0;
  }
}
