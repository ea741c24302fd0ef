import { WasmFault, hex } from './fault.ts';
import { BULK, OPERANDS, PLAIN, SIMD } from './instructions.ts';
import { WASM_BOUNDS } from './limits.ts';
import { skipOperands } from './operands.ts';
import type { Reader } from './reader.ts';
import { valueType } from './value-type.ts';

const RELAXED = 0x100;

/**
 * Walks over a function's locals and instructions, to its end, and refuses instructions that are not allowed. Whether
 * they fit each other (types, labels, indices) is left to the engine.
 * @returns whether it uses SIMD
 */
export const readBody = (reader: Reader): boolean => {
  let simd = readLocals(reader);
  for (let depth = 1; depth > 0;) {
    const { at } = reader;
    const opcode = reader.byte();
    const plain = PLAIN[opcode]!;
    if (plain === OPERANDS.block) depth += 1;
    else if (plain === OPERANDS.end) depth -= 1;
    else if (plain === OPERANDS.simd) simd = true;
    skipOperands(reader, operandsOf(reader, opcode, plain, at));
  }
  reader.expectEnd();
  return simd;
};

/** @returns whether there are vectors among them */
const readLocals = (reader: Reader): boolean => {
  const { at } = reader;
  const groups = reader.count('groups of locals', WASM_BOUNDS.locals, 2);
  let locals = 0;
  let vectors = false;
  for (let i = 0; i < groups; i++) {
    locals += reader.u32();
    if (locals > WASM_BOUNDS.locals) {
      throw new WasmFault('too-many', at, `a function has over ${WASM_BOUNDS.locals} locals`);
    }
    if (valueType(reader) === 'v128') vectors = true;
  }
  return vectors;
};

/** What follows an instruction; throws where it is one that is not allowed. */
const operandsOf = (reader: Reader, opcode: number, plain: number, at: number): number => {
  switch (plain) {
    case OPERANDS.bulk:
      return knownOr(BULK[reader.u32()], opcode, at);
    case OPERANDS.simd: {
      const code = reader.u32();
      if (code >= RELAXED) {
        const text =
          'relaxed SIMD differs from machine to machine, so that results cannot be compared; compile without it';
        throw new WasmFault('relaxed-simd', at, text);
      }
      return knownOr(SIMD[code], opcode, at);
    }
    case OPERANDS.exceptions:
      throw new WasmFault('exceptions', at, 'an instruction of exceptions; compile without them');
    case OPERANDS.gc:
      throw new WasmFault(
        'gc',
        at,
        'an instruction of garbage-collected data or typed references; compile without them',
      );
    case OPERANDS.threads:
      throw new WasmFault('threads', at, 'an atomic instruction; compile without threads');
    default:
      return knownOr(plain, opcode, at);
  }
};

const knownOr = (operands: number | undefined, opcode: number, at: number): number => {
  if (operands !== undefined && operands !== OPERANDS.unknown) return operands;
  throw new WasmFault('instruction-unknown', at, `an instruction ${hex(opcode)} that is not of WebAssembly 2.0`);
};
