/** Where each of very many pieces of a blob lies: 16 bytes a piece. */
export class Spans {
  #bounds = new Float64Array(1024);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** `start` and `end`: bytes from the blob's beginning. */
  add(start: number, end: number): void {
    if (this.#bounds.length < 2 * this.#count + 2) {
      const grown = new Float64Array(this.#bounds.length * 2);
      grown.set(this.#bounds);
      this.#bounds = grown;
    }
    this.#bounds[2 * this.#count] = start;
    this.#bounds[2 * this.#count + 1] = end;
    this.#count += 1;
  }

  at(index: number): { start: number; end: number } {
    if (index >= this.#count) throw new RangeError(`there is no piece ${index} of ${this.#count}`);
    return { start: this.#bounds[2 * index]!, end: this.#bounds[2 * index + 1]! };
  }
}
