import { GRID, MEMORY } from '../abi.ts';
import { WasmFault } from '../fault.ts';
import type { Reader } from '../reader.ts';

/** A module has no memory of its own: only an imported one is made, and so bounded, by us. */
export const readMemories = (reader: Reader): void => {
  const { at } = reader;
  const count = reader.u32();
  if (count === 0) return;
  const text = `the module has a memory of its own; it must import ${GRID}.${MEMORY}: compile with --import-memory (asc: --importMemory)`;
  throw new WasmFault('memory-own', at, text);
};
