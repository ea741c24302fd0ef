import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import { PAGE_BYTES } from '../wasm/index.ts';
import { inspectWasm } from './inspect-wasm.ts';
import { fileFault } from './program-file.ts';

/** All that a 32-bit memory can have. What an operator allows of it the coordinator knows. */
const MEMORY_BYTES = PAGE_BYTES * PAGE_BYTES;

/**
 * The bytes of a wasm module's file, checked as a coordinator checks them, but for its operator's limit on memory.
 * Throws ProblemError:
 * - `program-invalid`: no such file, or something in it that is not allowed (with the byte),
 * - `program-imports`: it imports what is not of `grid` (with the byte),
 * - `program-exports`: it exports no fitting `run`,
 * - `body-too-large`: it is over `LIMITS.program` bytes.
 */
export const readWasmProgram = async (path: string): Promise<Uint8Array<ArrayBuffer>> => {
  const file = basename(path);
  const fault = await fileFault(path);
  if (fault !== null) throw new ProblemError('program-invalid', fault.message, [{ path, message: fault.message }]);
  const { size } = await stat(path);
  if (size > LIMITS.program) {
    throw new ProblemError('body-too-large', `${file} is ${size} bytes; ${LIMITS.program} are allowed`);
  }
  const bytes = new Uint8Array(await readFile(path));
  inspectWasm(bytes, { moduleBytes: LIMITS.program, memoryBytes: MEMORY_BYTES }, file);
  return bytes;
};
