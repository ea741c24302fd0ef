import type { ProgramMessage } from '../door/layout.ts';
import { compileWasm } from './floor.ts';
import { NativeBlob, createURL, revokeURL } from './primordials.ts';
import { wasmRun } from './wasm/run.ts';

/** Shared data by its name, for a module, which can wait for nothing and has all of it from the start. */
const namedBytes = ({ entries, bodies }: ProgramMessage['data']): Map<string, Uint8Array> =>
  new Map(entries.map(({ name }, n) => [name, new Uint8Array(bodies?.[n] ?? new ArrayBuffer(0))]));

/** A program on its way. */
export interface Loading {
  /** The promise of its module. */
  module: unknown;
  /** Its module is there, or never will be. */
  over(): void;
  /** What the module exports as `run`; a program's own module may throw here. */
  runOf(module: unknown): unknown;
}

/** Begins to load a program: a JavaScript module is evaluated, a wasm module is compiled and runs with each unit. */
export const loadProgram = ({ program, resultBytes, data }: ProgramMessage): Loading => {
  if (program.kind === 'wasm') {
    const { bytes, memory } = program;
    return {
      module: compileWasm(bytes),
      over: () => {},
      runOf: (module) => wasmRun({ module: module as WebAssembly.Module, memory, resultBytes, data: namedBytes(data) }),
    };
  }
  const url = createURL(new NativeBlob([program.text], { type: 'text/javascript' }));
  return {
    module: import(url),
    over: () => revokeURL(url),
    runOf: (module) => (module as { run?: unknown } | undefined)?.run,
  };
};
