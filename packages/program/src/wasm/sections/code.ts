import { readBody } from '../body.ts';
import type { Draft } from '../draft.ts';
import { WasmFault } from '../fault.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';

export const readCode = (reader: Reader, draft: Draft): void => {
  const count = reader.count('bodies of functions', WASM_BOUNDS.functions, 3);
  for (let i = 0; i < count; i++) {
    const { at } = reader;
    const size = reader.u32();
    if (size > WASM_BOUNDS.functionBytes) {
      throw new WasmFault('too-many', at, `a function has ${size} bytes; ${WASM_BOUNDS.functionBytes} are allowed`);
    }
    const body = reader.inner(size, `the body of function ${draft.imports.length + i}`);
    if (readBody(body)) draft.usesSimd = true;
  }
  draft.bodies = count;
};
