/** Sizes that both ends know, in bytes unless said otherwise. */
export const LIMITS = {
  /** An input or a result up to this size travels in the exchange; a larger input is served as a blob. */
  inlineInput: 64 * 1024,
  /** The largest result that an exchange carries: a larger one travels by HTTP, as a blob. */
  result: 1024 * 1024,
  /** The largest result that any operator can allow. */
  largeResult: 1024 * 1024 * 1024,
  /** One exchange frame, either way. */
  frame: 8 * 1024 * 1024,
  /** Members of one lease. */
  leaseUnits: 16_384,
  /** Reports and held leases of one exchange. */
  exchangeLeases: 1024,
  /** A program's module text. */
  program: 4 * 1024 * 1024,
  /** A JSON body of the REST API. */
  body: 4 * 1024 * 1024,
  /** Arrays and objects within each other, in a JSON value of a submitter (a count). */
  jsonDepth: 64,
  /** Items of an inline list source. */
  listItems: 100_000,
  /** Inputs that one request appends to a stream (a count). */
  appendedInputs: 65_536,
  /** Jobs of one batch (a count). */
  batchJobs: 1000,
  /** Blobs of shared data that one job names (a count). */
  dataNames: 16,
  /** Of shared data each piece of this size is checked by itself, so that a part can be read without the whole. */
  dataChunk: 1024 * 1024,
  /** Shared data of a wasm module's job, all of it together: it is there before the module runs. */
  wasmData: 64 * 1024 * 1024,
  /** Parameters of a product source (a count). */
  axes: 32,
  /** The text of an error that a program threw. */
  errorText: 8 * 1024,
  /** Slots of one session (a count). */
  slots: 256,
  /** Work units of one job (a count): an index is a 32-bit integer on the wire. */
  units: 0xffff_ffff,
} as const;
