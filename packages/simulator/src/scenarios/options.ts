/** What can be chosen of a scenario from the command line; each has its own defaults. Times in ms. */
export interface Options {
  readonly seed: number;
  /** So many seeds, from `seed` on, each in a world of its own; what they count is summed. */
  readonly seeds: number;
  /** Work units of the measured job. */
  readonly units: number;
  /** Devices that are present at a time, on the average. */
  readonly devices: number;
  /** Compute time of one unit on a device of speed 1. */
  readonly unitMs: number;
  /** Target of the adaptive policy. */
  readonly maxErrorRate: number;
  /** How long an earlier job runs on the grid, so that devices that return have a record; 0: none does. */
  readonly warmupMs: number;
  /** Look for broken invariants after every step, keep all facts, and compare a replay: for small simulations. */
  readonly check: boolean;
}

/** Prints where a scenario is; nothing of it is part of the outcome. */
export type Progress = (line: string) => void;

export interface Scenario {
  readonly name: string;
  readonly about: string;
  /** It can be run over many seeds. */
  readonly takesSeeds: boolean;
  readonly defaults: Options;
  /** Gives what `--json` prints; lists in it are printed as tables. */
  run(options: Options, progress: Progress): Record<string, unknown>;
}
