import { type Signature, signature } from './value-type.ts';

/** The one namespace from which a module imports. */
export const GRID = 'grid';
/** The memory's name in it. */
export const MEMORY = 'memory';
/**
 * The namespace in which the AssemblyScript compiler and linkers of LLVM before 16 import the memory, whatever one
 * wants. It is the same memory under another name, so this one import is taken; no other one of that namespace is.
 */
export const TOOLS_NAMESPACE = 'env';
/** The one export that a module must have. */
export const RUN = 'run';

/**
 * The functions that a module may import from `grid`. What each does is told in docs/wasm.md; here is what both the
 * validator and the cage go by. Pointers and sizes are bytes, and unsigned.
 */
export const GRID_FUNCTIONS = {
  /** () -> bytes of the input. */
  input_size: signature([], ['i32']),
  /** (to, from, size): copies a part of the input into the memory. */
  input_read: signature(['i32', 'i32', 'i32'], []),
  /** (name, size) -> the number of that name in the input; without a name, the input itself. */
  input_number: signature(['i32', 'i32'], ['f64']),
  /** () -> bytes of the job's parameters, as JSON text. */
  params_size: signature([], ['i32']),
  /** (to, from, size). */
  params_read: signature(['i32', 'i32', 'i32'], []),
  /** (name, size) -> the number of that name in the parameters. */
  params_number: signature(['i32', 'i32'], ['f64']),
  /** (name, size) -> bytes of the shared data of that name. */
  data_size: signature(['i32', 'i32'], ['i32']),
  /** (name, size of the name, to, from, size): copies a part of the shared data of that name into the memory. */
  data_read: signature(['i32', 'i32', 'i32', 'i32', 'i32'], []),
  unit_index: signature([], ['i32']),
  unit_seed: signature([], ['i32']),
  /** (at, size): JSON text. */
  result_json: signature(['i32', 'i32'], []),
  /** (at, size): bytes as they are. */
  result_bytes: signature(['i32', 'i32'], []),
  /** (at, size): bytes that are 32-bit floats; every NaN gets one pattern. */
  result_f32: signature(['i32', 'i32'], []),
  /** (at, size): bytes that are 64-bit floats; every NaN gets one pattern. */
  result_f64: signature(['i32', 'i32'], []),
  /** (done), from 0 to 1. */
  progress: signature(['f64'], []),
  /** (at, size): a line of UTF-8. */
  log: signature(['i32', 'i32'], []),
  /** (at, width, height): RGBA, row by row. */
  picture: signature(['i32', 'i32', 'i32'], []),
  /** (at, size): ends the unit with this text as its error. */
  abort: signature(['i32', 'i32'], []),
} as const satisfies Record<string, Signature>;

export type GridFunction = keyof typeof GRID_FUNCTIONS;

export const isGridFunction = (name: string): name is GridFunction => Object.hasOwn(GRID_FUNCTIONS, name);
