import type { ProgramKind } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import { isWasm, PAGE_BYTES, validateWasm } from '../wasm/index.ts';

/** What a program's bytes say of themselves. */
export interface ProgramFacts {
  kind: ProgramKind;
  /** The maximum that a wasm module's memory declares, bytes; null for JavaScript, and for a module that may not run. */
  memoryBytes: number | null;
}

/** The most that 32-bit memory has. */
const LIMITS_OF_WASM = { moduleBytes: LIMITS.program, memoryBytes: 2 ** 32 };

export const programFacts = (bytes: Uint8Array): ProgramFacts =>
  isWasm(bytes) ? { kind: 'wasm', memoryBytes: memoryOf(bytes) } : { kind: 'js', memoryBytes: null };

const memoryOf = (bytes: Uint8Array): number | null => {
  try {
    return validateWasm(bytes, LIMITS_OF_WASM).memory.maximumPages * PAGE_BYTES;
  } catch {
    return null;
  }
};
