import { WasmFault, hex } from './fault.ts';
import type { Reader } from './reader.ts';

export interface SizeLimits {
  initial: number;
  maximum: number;
}

/** What is said where limits are not those of a 32-bit memory or table with a maximum. */
export interface LimitsFaults {
  unbounded: (offset: number) => WasmFault;
  shared: (offset: number) => WasmFault;
  wide: (offset: number) => WasmFault;
}

const MAXIMUM = 1;
const SHARED = 2;
const WIDE = 4;

/** Reads the limits of a memory (in pages) or a table (in entries); they must have a maximum. */
export const sizeLimits = (reader: Reader, what: string, faults: LimitsFaults): SizeLimits => {
  const { at } = reader;
  const flags = reader.byte();
  if (flags > (MAXIMUM | SHARED | WIDE)) {
    throw new WasmFault('malformed', at, `the limits of ${what} have the unknown flags ${hex(flags)}`);
  }
  if ((flags & WIDE) !== 0) throw faults.wide(at);
  if ((flags & SHARED) !== 0) throw faults.shared(at);
  if ((flags & MAXIMUM) === 0) throw faults.unbounded(at);
  const initial = reader.u32();
  const maximum = reader.u32();
  if (initial > maximum) {
    throw new WasmFault('malformed', at, `${what} begins with ${initial}, more than its maximum of ${maximum}`);
  }
  return { initial, maximum };
};
