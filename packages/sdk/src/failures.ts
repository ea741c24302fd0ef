import type { UnitFailure } from './error.ts';
import { JobFailedError } from './error.ts';

/** The units of a job that have failed, as far as its results have come: one that was retried meanwhile may succeed. */
export class Failures<In> {
  readonly #units = new Set<number>();
  readonly #first = new Map<number, UnitFailure<In>>();

  get count(): number {
    return this.#units.size;
  }

  /** At most `JobFailedError.KEPT` of them. */
  get first(): UnitFailure<In>[] {
    return [...this.#first.values()];
  }

  add(failure: UnitFailure<In>): void {
    this.#units.add(failure.unit);
    if (this.#first.size < JobFailedError.KEPT) this.#first.set(failure.unit, failure);
  }

  succeeded(unit: number): void {
    if (this.#units.delete(unit)) this.#first.delete(unit);
  }
}
