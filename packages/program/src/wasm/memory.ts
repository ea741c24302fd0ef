import type { MemoryLimits } from './draft.ts';
import { WasmFault } from './fault.ts';
import { PAGE_BYTES, type WasmLimits } from './limits.ts';
import type { Reader } from './reader.ts';
import { type LimitsFaults, sizeLimits } from './size-limits.ts';

const faults: LimitsFaults = {
  unbounded: (offset) =>
    new WasmFault(
      'memory-unbounded',
      offset,
      'the memory has no maximum; compile with --max-memory=BYTES (clang: -Wl,--max-memory=..., asc: --maximumMemory PAGES)',
    ),
  shared: (offset) => new WasmFault('memory-shared', offset, 'the memory is shared; compile without threads'),
  wide: (offset) => new WasmFault('memory-64', offset, 'the memory has 64-bit addresses; compile for wasm32'),
};

/** Reads the type of the memory that a module imports: 32-bit, its own, with a maximum within the operator's limit. */
export const readMemory = (reader: Reader, limits: WasmLimits): Omit<MemoryLimits, 'namespace'> => {
  const { at } = reader;
  const { initial, maximum } = sizeLimits(reader, 'the memory', faults);
  const allowed = Math.min(Math.floor(limits.memoryBytes / PAGE_BYTES), PAGE_BYTES);
  if (maximum > allowed) {
    throw new WasmFault(
      'memory-too-large',
      at,
      `the memory may grow to ${maximum} pages of 64 KiB; ${allowed} are allowed here: declare a smaller maximum`,
    );
  }
  return { initialPages: initial, maximumPages: maximum };
};
