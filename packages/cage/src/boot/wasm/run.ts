import type { Run } from '@gossamer/program';
import { GRID, MEMORY, type MemoryLimits, RUN, TOOLS_NAMESPACE, trapKind } from '@gossamer/program/wasm';
import { gridError } from './fault.ts';
import { makeGrid } from './grid.ts';
import { makeMemories } from './memories.ts';
import type { WasmUnit } from './unit.ts';

/** A module that was validated and compiled, and what its units may have. */
export interface WasmProgram {
  module: WebAssembly.Module;
  memory: Pick<MemoryLimits, 'initialPages' | 'maximumPages'>;
  /** Largest result, bytes. */
  resultBytes: number;
  /** Shared data, by its name. */
  data: ReadonlyMap<string, Uint8Array>;
}

/**
 * A wasm module as the function that a JavaScript program exports, so that one runner serves both. Each call makes an
 * instance of its own with an empty memory: no unit sees the one before it. Its start function, if any, runs first.
 * Throws a `Trap` whose message names its kind, or what a function of `grid` threw.
 */
export const wasmRun = ({ module, memory: limits, resultBytes, data }: WasmProgram): Run => {
  const nextMemory = makeMemories(limits);
  return (input, ctx) => {
    const memory = nextMemory();
    const unit: WasmUnit = { input, ctx, memory, resultBytes, data, result: undefined };
    const imports = { [GRID]: { ...makeGrid(unit), [MEMORY]: memory }, [TOOLS_NAMESPACE]: { [MEMORY]: memory } };
    try {
      const { exports } = new WebAssembly.Instance(module, imports);
      (exports[RUN] as () => void)();
    } catch (error) {
      throw asTrap(error);
    }
    if (unit.result === undefined) throw gridError(RUN, 'it returned, and gave no result');
    return unit.result;
  };
};

/** A trap by its kind, with the engine's words and stack; anything else as it is. */
const asTrap = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { name, message, stack } = error;
  const kind = trapKind(name, message);
  return kind === null ? error : { name: 'Trap', message: `${kind} (${message})`, stack };
};
