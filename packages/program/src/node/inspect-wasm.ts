import { ProblemError } from '@gossamer/protocol';
import { WasmFault, type WasmLimits, type WasmModuleInfo, hex, validateWasm } from '../wasm/index.ts';
import { type ProgramProblem, programError } from './program-error.ts';

/**
 * Checks a wasm module, without running any of it: our own rules first, then the engine's. `file` is its name in what is
 * said of it. It takes some 60 ms of the calling thread for the largest module (4 MiB).
 * Throws ProblemError `body-too-large`, `program-invalid`, `program-imports` or `program-exports`, with the byte.
 */
export const inspectWasm = (
  bytes: Uint8Array<ArrayBuffer>,
  limits: WasmLimits,
  file = 'program.wasm',
): WasmModuleInfo => {
  const info = checked(bytes, limits, file);
  if (!WebAssembly.validate(bytes)) {
    throw programError('program-invalid', [{ at: file, message: complaint(bytes) }]);
  }
  return info;
};

const checked = (bytes: Uint8Array, limits: WasmLimits, file: string): WasmModuleInfo => {
  try {
    return validateWasm(bytes, limits);
  } catch (error) {
    if (!(error instanceof WasmFault)) throw error;
    if (error.code === 'module-too-large') throw new ProblemError('body-too-large', error.text);
    throw programError(problemOf(error), [{ at: `${file}:${hex(error.offset)}`, message: error.text }]);
  }
};

const problemOf = ({ code }: WasmFault): ProgramProblem => {
  if (code.startsWith('import-')) return 'program-imports';
  return code.startsWith('run-') ? 'program-exports' : 'program-invalid';
};

/** Why the engine refuses a module; it says so only where it is asked to compile it. */
const complaint = (bytes: Uint8Array<ArrayBuffer>): string => {
  try {
    void new WebAssembly.Module(bytes);
  } catch (error) {
    return (error as Error).message;
  }
  return 'the engine refuses it without a reason';
};
