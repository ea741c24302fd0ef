import { grown } from './columns.ts';

/**
 * The devices that hold a lease on a unit now. Nearly always that is one: it stands in a column, so that leasing a unit
 * makes no object; a second one is kept in a map. Volatile.
 */
export class Holders {
  readonly #ceiling: number;
  /** By unit: 1 + the number of the device that has held it the longest, 0 when none does. */
  #first = new Uint32Array(0);
  /** The others, of units that have more than one. */
  readonly #others = new Map<number, number[]>();
  #size = 0;

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
  }

  has(unit: number): boolean {
    return unit < this.#first.length && this.#first[unit] !== 0;
  }

  count(unit: number): number {
    if (!this.has(unit)) return 0;
    return 1 + (this.#others.size === 0 ? 0 : (this.#others.get(unit)?.length ?? 0));
  }

  /** A copy, the longest holder first. A device may be in it twice where a job allows that. */
  of(unit: number): number[] {
    if (!this.has(unit)) return [];
    const first = this.#first[unit]! - 1;
    const others = this.#others.size === 0 ? undefined : this.#others.get(unit);
    return others === undefined ? [first] : [first, ...others];
  }

  add(unit: number, device: number): void {
    this.#first = grown(this.#first, unit + 1, this.#ceiling);
    if (this.#first[unit] === 0) {
      this.#first[unit] = device + 1;
      this.#size += 1;
      return;
    }
    const others = this.#others.get(unit);
    if (others === undefined) this.#others.set(unit, [device]);
    else others.push(device);
  }

  /** Of a device that holds the unit; once. */
  remove(unit: number, device: number): void {
    if (!this.has(unit)) return;
    const others = this.#others.size === 0 ? undefined : this.#others.get(unit);
    if (others === undefined) {
      this.#first[unit] = 0;
      this.#size -= 1;
      return;
    }
    if (this.#first[unit] === device + 1) this.#first[unit] = others.shift()! + 1;
    else others.splice(others.indexOf(device), 1);
    if (others.length === 0) this.#others.delete(unit);
  }

  /** The units that are held. From the end, where they nearly all are: no more is walked than must be. */
  *units(): Generator<number> {
    let left = this.#size;
    for (let unit = this.#first.length - 1; left > 0; unit--) {
      if (this.#first[unit] === 0) continue;
      left -= 1;
      yield unit;
    }
  }
}
