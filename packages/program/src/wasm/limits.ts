/** Bytes of one page of WebAssembly's memory. */
export const PAGE_BYTES = 65_536;

/** What an operator allows a module. */
export interface WasmLimits {
  /** The module itself, bytes. */
  moduleBytes: number;
  /** The maximum that its memory declares, bytes; rounded down to whole pages. */
  memoryBytes: number;
}

/** Counts that no operator raises: each is far above what a compiler makes, and keeps a small module's cost small. */
export const WASM_BOUNDS = {
  types: 10_000,
  /** Parameters of a function, and results; engines agree on this one. */
  values: 1000,
  functions: 100_000,
  imports: 64,
  exports: 10_000,
  globals: 10_000,
  tables: 16,
  /** Entries of all tables together, at their maxima. */
  tableEntries: 65_536,
  segments: 10_000,
  /** Of one function; engines agree on this one. */
  locals: 50_000,
  /** Bytes of one function; engines agree on this one. */
  functionBytes: 7_654_321,
  /** Bytes of a name. */
  nameBytes: 10_000,
} as const;
