import type { ProgramKind } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { CageProgram } from '../api.ts';

/**
 * Makes of a program's bytes what a lease carries; their hash was checked by the caller. A wasm module is read by the
 * rules that the coordinator read it by, since a coordinator may be wrong, or another one than one thinks: what breaks
 * them is refused before it is compiled. Never rejects for what a stranger wrote.
 *
 * @param kind what the bytes were said to be: they are taken as nothing else
 * @param memoryBytes the largest maximum that a module's memory may declare
 */
export const admitProgram = async (
  kind: ProgramKind,
  bytes: Uint8Array<ArrayBuffer>,
  memoryBytes: number,
): Promise<CageProgram> => {
  if (kind === 'js') return { kind, text: new TextDecoder().decode(bytes) };
  // Fetched with the first module: most tabs never meet one.
  const { validateWasm, WasmFault } = await import('@gossamer/program/wasm');
  try {
    const { initialPages, maximumPages } = validateWasm(bytes, { moduleBytes: LIMITS.program, memoryBytes }).memory;
    return { kind, bytes, memory: { initialPages, maximumPages } };
  } catch (error) {
    if (error instanceof WasmFault) return { kind: 'refused', reason: error.message };
    throw error;
  }
};

/**
 * What a module that was admitted imports and exports, for people: read, not compiled, as no program is compiled outside
 * of its cage.
 */
export const modulePartsOf = async (
  bytes: Uint8Array<ArrayBuffer>,
  memoryBytes: number,
): Promise<{ imports: string[]; exports: string[] }> => {
  const { GRID, MEMORY, validateWasm } = await import('@gossamer/program/wasm');
  const { imports, exports } = validateWasm(bytes, { moduleBytes: LIMITS.program, memoryBytes });
  return { imports: [MEMORY, ...imports].map((name) => `${GRID}.${name}`), exports: [...exports] };
};
