/**
 * What the judge has said of results that differ byte for byte, of units that are not settled. Attempts by their place
 * in the table. Follows from the facts.
 */
export class Sameness {
  readonly #same = new Map<number, number>();
  readonly #differs = new Map<number, number[]>();

  set(candidate: number, reference: number, same: boolean): void {
    if (same) this.#same.set(candidate, reference);
    else this.#differs.set(candidate, [...(this.#differs.get(candidate) ?? []), reference]);
  }

  /** The attempt that this one was found to be the same as. */
  sameAs(candidate: number): number | undefined {
    return this.#same.get(candidate);
  }

  differs(candidate: number, reference: number): boolean {
    return this.#differs.get(candidate)?.includes(reference) === true;
  }

  forget(attempt: number): void {
    this.#same.delete(attempt);
    this.#differs.delete(attempt);
  }

  /** As plain data, in a fixed order: what replay is compared by. */
  entries(): [number, number | number[]][] {
    return [...this.#same, ...this.#differs].sort(([a], [b]) => a - b);
  }
}
