import type { Draft } from '../draft.ts';
import { indexOf } from '../index-of.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';

export const readFunctions = (reader: Reader, draft: Draft): void => {
  const count = reader.count('functions', WASM_BOUNDS.functions);
  for (let i = 0; i < count; i++) draft.functions.push(draft.types[indexOf(reader, draft.types.length, 'type')]!);
};
