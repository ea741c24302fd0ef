import type { Draft } from '../draft.ts';
import { WasmFault } from '../fault.ts';
import { indexOf } from '../index-of.ts';
import type { Reader } from '../reader.ts';
import { signature } from '../value-type.ts';

const START = signature([], []);

export const readStart = (reader: Reader, draft: Draft): void => {
  const { at } = reader;
  const type = draft.functions[indexOf(reader, draft.functions.length, 'function')]!;
  if (type !== START) throw new WasmFault('start', at, `the start function is ${type}; it must be ${START}`);
  draft.hasStart = true;
};
