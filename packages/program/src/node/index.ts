export { type BundledProgram, type ProgramEntry, bundleProgram } from './bundle.ts';
export { inspectProgram } from './inspect.ts';
export { inspectWasm } from './inspect-wasm.ts';
export { readWasmProgram } from './read-wasm.ts';
