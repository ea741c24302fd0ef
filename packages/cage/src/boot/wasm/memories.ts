import { type MemoryLimits, PAGE_BYTES } from '@gossamer/program/wasm';

/**
 * The memories of a lease's units. Each unit finds one of the same size with nothing in it. One that did not grow is
 * emptied and used again: browsers give back a memory's address space late.
 */
export const makeMemories = ({ initialPages, maximumPages }: Pick<MemoryLimits, 'initialPages' | 'maximumPages'>) => {
  let last: WebAssembly.Memory | undefined;
  return (): WebAssembly.Memory => {
    if (last !== undefined && last.buffer.byteLength === initialPages * PAGE_BYTES) {
      new Uint8Array(last.buffer).fill(0);
    } else {
      // Forgotten first, so that both need not be there at once.
      last = undefined;
      last = new WebAssembly.Memory({ initial: initialPages, maximum: maximumPages });
    }
    return last;
  };
};
