import { liarShare } from './odds.ts';

interface Entry {
  survived: number;
  caught: number;
}

/**
 * What devices and volunteers have earned in all jobs of this process: the sum over the jobs' accounts, kept as facts
 * are applied. It follows from the jobs' logs.
 */
export class TrustBook {
  readonly #devices = new Map<number, Entry>();
  #checked = 0;
  #caught = 0;

  survivedBy(device: number): number {
    return this.#devices.get(device)?.survived ?? 0;
  }

  /** How often it was caught. */
  caught(device: number): number {
    return this.#devices.get(device)?.caught ?? 0;
  }

  /** Devices that were ever compared with another one, and those of them that were caught. */
  get seen(): { checked: number; caught: number } {
    return { checked: this.#checked, caught: this.#caught };
  }

  get hasCaughtNone(): boolean {
    return this.#caught === 0;
  }

  /** The share of devices that is taken to lie. */
  get liars(): number {
    return liarShare(this.#caught, this.#checked);
  }

  /** Adds what a job says of a device; negative numbers take it away. */
  add(device: number, survived: number, caught: number): void {
    const entry = this.#devices.get(device);
    const before = entry ?? { survived: 0, caught: 0 };
    const after = { survived: before.survived + survived, caught: before.caught + caught };
    this.#count(before, -1);
    this.#count(after, 1);
    if (entry === undefined) this.#devices.set(device, after);
    else Object.assign(entry, after);
  }

  #count({ survived, caught }: Entry, sign: 1 | -1): void {
    if (survived > 0 || caught > 0) this.#checked += sign;
    if (caught > 0) this.#caught += sign;
  }
}
