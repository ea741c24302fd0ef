export { GRID, GRID_FUNCTIONS, type GridFunction, MEMORY, RUN, TOOLS_NAMESPACE } from './abi.ts';
export type { MemoryLimits } from './draft.ts';
export { WasmFault, type WasmFaultCode, hex } from './fault.ts';
export { isWasm } from './is-wasm.ts';
export { PAGE_BYTES, WASM_BOUNDS, type WasmLimits } from './limits.ts';
export { type TrapKind, trapKind } from './trap.ts';
export { type WasmModuleInfo, validateWasm } from './validate.ts';
