import type { Draft } from './draft.ts';
import { WasmFault, hex } from './fault.ts';
import { indexOf } from './index-of.ts';
import type { Reader } from './reader.ts';
import { type ValueType, tableType } from './value-type.ts';

const END = 0x0b;
const REF_NULL = 0xd0;
const REF_FUNC = 0xd2;
const SIMD = 0xfd;
const V128_CONST = 0x0c;

/**
 * Reads a constant expression: one constant and its end. Nothing else is allowed. A module imports no globals, and
 * arithmetic in constants is not in every engine that validates.
 * @returns the value, where it is an i32
 */
export const constant = (reader: Reader, wanted: ValueType): number => {
  const { at } = reader;
  const opcode = reader.byte();
  let type: ValueType;
  let value = 0;
  switch (opcode) {
    case 0x41:
      type = 'i32';
      value = reader.s32();
      break;
    case 0x42:
      type = 'i64';
      reader.skipS64();
      break;
    case 0x43:
      type = 'f32';
      reader.skip(4);
      break;
    case 0x44:
      type = 'f64';
      reader.skip(8);
      break;
    case SIMD:
      type = 'v128';
      if (reader.u32() !== V128_CONST) throw notConstant(opcode, at);
      reader.skip(16);
      break;
    default:
      throw notConstant(opcode, at);
  }
  if (type !== wanted) throw new WasmFault('constant', at, `this value is an ${type} where an ${wanted} is needed`);
  reader.expect(END, 'the end of a constant expression');
  return value;
};

/** Reads the constant expression of one entry of a table: `ref.null func` or `ref.func`. */
export const functionConstant = (reader: Reader, draft: Draft): void => {
  const { at } = reader;
  const opcode = reader.byte();
  if (opcode === REF_NULL) tableType(reader);
  else if (opcode === REF_FUNC) indexOf(reader, draft.functions.length, 'function');
  else throw notConstant(opcode, at);
  reader.expect(END, 'the end of a constant expression');
};

const notConstant = (opcode: number, offset: number): WasmFault =>
  new WasmFault(
    'constant',
    offset,
    `a first value or an offset begins with ${hex(opcode)}; only plain constants are allowed (no global, no arithmetic)`,
  );
