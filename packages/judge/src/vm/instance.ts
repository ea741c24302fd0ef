import { readFile } from 'node:fs/promises';
import {
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
  newQuickJSWASMModuleFromVariant,
  newVariant,
} from 'quickjs-emscripten-core';
import { MEMORY_PAGES, PAGE_BYTES } from '../limits.ts';

/** One engine with a memory of its own. */
export interface Instance {
  module: QuickJSWASMModule;
  /** Whether its memory has grown since its start. */
  grown(): boolean;
  /** Whether its memory has grown about as far as it may: the engine asks for a twentieth more at least. */
  full(): boolean;
}

/**
 * Compiles the engine, once for a thread, and gives what makes instances of it, some 4 ms each.
 *
 * The bound on memory is that of the WebAssembly memory itself. The engine's own (`setMemoryLimit`) is no bound in this
 * build: it counts blocks at their size as told by the allocator, which tells nothing, so a program fills 2 GB under a
 * limit of 64 MB.
 */
export const prepareEngine = async (memoryBytes: number): Promise<() => Promise<Instance>> => {
  const file = new URL(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'));
  const wasmModule = await WebAssembly.compile(await readFile(file));
  // Its types are those of its CommonJS twin, whose default export is one level further down.
  const loaded: unknown = (await import('@jitl/quickjs-wasmfile-release-sync')).default;
  // Read by the module, and not among its types: it reports its own end on the console otherwise.
  const quiet: object = { print: () => undefined, printErr: () => undefined };
  return async () => {
    const maximum = Math.floor(memoryBytes / PAGE_BYTES);
    const wasmMemory = new WebAssembly.Memory({ initial: MEMORY_PAGES.least, maximum });
    const variant = newVariant(loaded as QuickJSSyncVariant, { wasmModule, wasmMemory, emscriptenModule: quiet });
    const pages = (): number => wasmMemory.buffer.byteLength / PAGE_BYTES;
    return {
      module: await newQuickJSWASMModuleFromVariant(variant),
      grown: () => pages() > MEMORY_PAGES.least,
      full: () => pages() > maximum * 0.9,
    };
  };
};
