export { type BundledProgram, type ProgramEntry, bundleProgram } from './bundle.ts';
export { type KeyPair, hasSigned, makeKeyPair, signEd25519, signerOf } from './ed25519.ts';
export { type FileFault, fileFault } from './program-file.ts';
export { runProblem } from './exports-rule.ts';
export { type InspectedModule, inspectModule, inspectProgram } from './inspect.ts';
export { inspectWasm } from './inspect-wasm.ts';
export { readWasmProgram } from './read-wasm.ts';
