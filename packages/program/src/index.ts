export type { Picture, ProgramContext, ProgramOutput, Run } from './context.ts';
export { absenceAdvice, absenceText } from './absence.ts';
export { type AnswerOf, defineProgram, type InputOf, type OutputOf, type ParamsOf } from './define/define-program.ts';
export type { Definition, LazySplit, Schema } from './define/definition.ts';
export { type ImportFault, faultText, importFault } from './import-rule.ts';
export { type ProgramModule, programModule } from './module.ts';
export { NODE_BUILTINS } from './node-builtins.ts';
export { type Place, placeAt, placeText } from './place.ts';
export { readSourceMap, type SourceMap, withSources } from './source-map.ts';
export { sha256Of } from './sha256.ts';
export * from './signing/index.ts';
// The rest of `wasm` is large, and has a way in of its own.
export { isWasm } from './wasm/is-wasm.ts';
export { PAGE_BYTES } from './wasm/limits.ts';
