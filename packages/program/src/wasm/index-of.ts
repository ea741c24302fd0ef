import { WasmFault } from './fault.ts';
import type { Reader } from './reader.ts';

/** Reads an index of one of `count` things. */
export const indexOf = (reader: Reader, count: number, what: string): number => {
  const { at } = reader;
  const index = reader.u32();
  if (index >= count) throw new WasmFault('malformed', at, `there is no ${what} ${index}: there are ${count}`);
  return index;
};
