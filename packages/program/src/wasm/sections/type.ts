import type { Draft } from '../draft.ts';
import { WasmFault, hex } from '../fault.ts';
import { WASM_BOUNDS } from '../limits.ts';
import type { Reader } from '../reader.ts';
import { type ValueType, signature, valueType } from '../value-type.ts';

const FUNCTION = 0x60;
/** Structures, arrays, subtypes and groups of types that name each other. */
const GC_FORMS = new Set([0x5f, 0x5e, 0x5d, 0x5c, 0x50, 0x4f, 0x4e, 0x4d, 0x4c]);

export const readTypes = (reader: Reader, draft: Draft): void => {
  const count = reader.count('types', WASM_BOUNDS.types, 3);
  for (let i = 0; i < count; i++) {
    const { at } = reader;
    const form = reader.byte();
    if (form !== FUNCTION) {
      const gc = GC_FORMS.has(form);
      const text = gc ? 'a type of garbage-collected data' : `no type begins with ${hex(form)}`;
      throw new WasmFault(gc ? 'gc' : 'malformed', at, `${text}; only types of functions are allowed`);
    }
    const type = signature(valueTypes(reader, 'parameters'), valueTypes(reader, 'results'));
    if (type.includes('v128')) draft.usesSimd = true;
    draft.types.push(type);
  }
};

const valueTypes = (reader: Reader, what: string): ValueType[] => {
  const count = reader.count(what, WASM_BOUNDS.values);
  const types: ValueType[] = [];
  for (let i = 0; i < count; i++) types.push(valueType(reader));
  return types;
};
