/** A number that a benchmark takes: `--name <n>`. */
export interface NumberOption {
  readonly about: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
}

export type Given<Options> = { readonly [Name in keyof Options]: number };

/** What a benchmark may use beside its options. */
export interface Surroundings {
  /** One line on how it goes on, for people. */
  readonly say: (line: string) => void;
  /** Options of Node for the coordinator's process, as `--cpu-prof`. */
  readonly execArgv: readonly string[];
}

export type Row = Record<string, unknown>;

/** One benchmark: a name, its options, what it runs, and how the report shows it. */
export interface Benchmark<Options extends Record<string, NumberOption> = Record<string, NumberOption>> {
  readonly name: string;
  readonly about: string;
  readonly options: Options;
  run(options: Given<Options>, surroundings: Surroundings): Promise<Row>;
  /** What `report` runs: one row each, by the options that differ from the defaults. */
  readonly reported: readonly Partial<Given<Options>>[];
  /** Columns of the report's table: key and title. */
  readonly columns: readonly (readonly [key: string, title: string])[];
  /** The table's rows of one run, where they are not the one that it found. */
  rows?(found: Row): readonly Row[];
}

/** Gives the type of the options to `run`. Callers of what it gives leave out options that they want at their defaults. */
export const benchmark = <Options extends Record<string, NumberOption>>(made: Benchmark<Options>): Benchmark => {
  const defaults = Object.fromEntries(Object.entries(made.options).map(([name, { value }]) => [name, value]));
  return {
    ...made,
    run: (given, surroundings) => made.run({ ...defaults, ...given } as Given<Options>, surroundings),
  };
};
