import { constant } from '../constant.ts';
import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { valueType } from '../value-type.ts';

export const readGlobals = (reader: Reader, draft: Draft): void => {
  const count = reader.count('globals', WASM_BOUNDS.globals, 5);
  for (let i = 0; i < count; i++) {
    const type = valueType(reader);
    const { at } = reader;
    const mutability = reader.byte();
    if (mutability > 1)
      throw new WasmFault('malformed', at, `${hex(mutability)} does not say whether a global may change`);
    constant(reader, type);
    if (type === 'v128') draft.usesSimd = true;
    draft.globals += 1;
  }
};
