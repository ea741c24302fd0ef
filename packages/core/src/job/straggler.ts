/** A unit that is with a slow device. */
export interface Straggler {
  readonly unit: number;
  /** When its result is expected, ms since 1970; `Infinity` when there is no telling. */
  readonly due: number;
}
