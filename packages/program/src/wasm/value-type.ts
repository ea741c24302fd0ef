import { WasmFault, hex } from './fault.ts';
import type { Reader } from './reader.ts';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

const NUMBERS: Readonly<Record<number, ValueType>> = {
  0x7f: 'i32',
  0x7e: 'i64',
  0x7d: 'f32',
  0x7c: 'f64',
  0x7b: 'v128',
};

export const FUNCREF = 0x70;
export const EXTERNREF = 0x6f;

/** Whether a byte stands for a type of the proposals for garbage collection, typed references or exceptions. */
const isOtherReference = (byte: number): boolean => byte >= 0x63 && byte <= 0x74;

/** The fault of a type that is none of those allowed where it stands; `allowed` ends the sentence. */
export const typeFault = (byte: number, offset: number, allowed: string): WasmFault => {
  if (byte === EXTERNREF) {
    return new WasmFault(
      'externref',
      offset,
      `externref is not allowed: it would hold a thing of the host; use ${allowed}`,
    );
  }
  if (byte !== FUNCREF && isOtherReference(byte)) {
    return new WasmFault('gc', offset, `${hex(byte)} is a type of garbage-collected references; use ${allowed}`);
  }
  return new WasmFault('value-type', offset, `${hex(byte)} is no type that may stand here; use ${allowed}`);
};

/** Reads a type that parameters, results, locals and globals may have. */
export const valueType = (reader: Reader): ValueType => {
  const { at } = reader;
  const byte = reader.byte();
  const type = NUMBERS[byte];
  if (type === undefined) throw typeFault(byte, at, 'i32, i64, f32, f64 or v128');
  return type;
};

/** Reads the one type that tables may have. */
export const tableType = (reader: Reader): void => {
  const { at } = reader;
  const byte = reader.byte();
  if (byte !== FUNCREF) throw typeFault(byte, at, 'funcref');
};

/** A function's type in words, which are equal where the types are: `(i32, f64) -> i32`. */
export type Signature = string;

export const signature = (params: readonly ValueType[], results: readonly ValueType[]): Signature =>
  `(${params.join(', ')}) -> ${results.length === 1 ? results[0]! : `(${results.join(', ')})`}`;
