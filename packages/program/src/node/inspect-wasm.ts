import { ProblemError } from '@gossamer/protocol';
import { WasmFault, type WasmLimits, type WasmModuleInfo, hex, validateWasm } from '../wasm/index.ts';
import { type ProgramProblem, programError } from './program-error.ts';

const FILE = 'program.wasm';

/**
 * Checks an uploaded wasm module, without running any of it: our own rules first, then the engine's.
 * Throws ProblemError `body-too-large`, `program-invalid`, `program-imports` or `program-exports`, with the byte.
 */
export const inspectWasm = (bytes: Uint8Array<ArrayBuffer>, limits: WasmLimits): WasmModuleInfo => {
  const info = checked(bytes, limits);
  if (!WebAssembly.validate(bytes)) {
    throw programError('program-invalid', [{ at: FILE, message: complaint(bytes) }]);
  }
  return info;
};

const checked = (bytes: Uint8Array, limits: WasmLimits): WasmModuleInfo => {
  try {
    return validateWasm(bytes, limits);
  } catch (error) {
    if (!(error instanceof WasmFault)) throw error;
    if (error.code === 'module-too-large') throw new ProblemError('body-too-large', error.text);
    throw programError(problemOf(error), [{ at: `${FILE}:${hex(error.offset)}`, message: error.text }]);
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
