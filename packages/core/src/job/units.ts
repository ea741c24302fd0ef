import { grown } from './columns.ts';

/** Durable states of a unit. Whether an open one is pending or active follows from its attempts. */
export const UNIT = { open: 0, validated: 1, failed: 2, provisional: 3 } as const;
export type UnitCode = (typeof UNIT)[keyof typeof UNIT];

/** The durable part of a job's work units, as far as they were cut, as a struct of arrays: 12 bytes a unit. */
export class UnitTable {
  readonly #ceiling: number;
  #length = 0;
  state = new Uint8Array(0);
  errors = new Uint8Array(0);
  lost = new Uint16Array(0);
  /** First attempt of the unit's list, -1 when there is none. */
  head = new Int32Array(0);
  /** The attempt that returned the canonical (or, of a provisional unit, the accepted) result, -1 until there is one. */
  canonical = new Int32Array(0);

  constructor(ceiling: number) {
    this.#ceiling = ceiling;
  }

  get length(): number {
    return this.#length;
  }

  extend(length: number): void {
    if (length <= this.#length) return;
    const ceiling = this.#ceiling;
    this.state = grown(this.state, length, ceiling);
    this.errors = grown(this.errors, length, ceiling);
    this.lost = grown(this.lost, length, ceiling);
    this.head = grown(this.head, length, ceiling);
    this.canonical = grown(this.canonical, length, ceiling);
    this.head.fill(-1, this.#length, length);
    this.canonical.fill(-1, this.#length, length);
    this.#length = length;
  }
}
