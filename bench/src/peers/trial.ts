/** What a peer did with one setting. */
export interface Trial {
  /** The setting, in words. */
  readonly setting: string;
  readonly unitsPerSecond: number;
  /** Units that were done, each counted once. */
  readonly done: number;
  /** Every unit was done once, or is still there when the time was up. */
  readonly checked: boolean;
}

export const fastest = (trials: readonly Trial[]): Trial =>
  trials.reduce((best, trial) => (trial.unitsPerSecond > best.unitsPerSecond ? trial : best));
