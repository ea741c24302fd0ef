import { EXPORTS, FUNCTIONS, TYPES, bytesOf, code, name, section } from './wasm/bytes.ts';

export interface ModuleParts {
  /** Where its memory is imported from. */
  namespace?: string;
  /** The maximum of its memory, which begins with one; below 128. */
  maximumPages?: number;
  /** The instructions of `run`, without its end: it does nothing unless told, and gives no result. */
  body?: readonly number[];
}

/** Bytes of a small wasm module, for tests of those who take one. */
export const wasmModule = ({ namespace = 'grid', maximumPages = 1, body = [] }: ModuleParts = {}) => {
  const memory = section(2, 1, ...name(namespace), ...name('memory'), 2, 1, 1, maximumPages);
  return bytesOf(TYPES, memory, FUNCTIONS, EXPORTS, code(...body));
};

/** Bodies of `run`. */
export const TRAPS = [0x00];
export const LOOPS = [0x03, 0x40, 0x0c, 0x00, 0x0b];
/** Of wrong types, which our validator leaves to the engine's: `i64.const 1, f32.neg, drop`. */
export const MISTYPED = [0x42, 0x01, 0x8c, 0x1a];
