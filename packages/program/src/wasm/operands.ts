import { WasmFault } from './fault.ts';
import { OPERANDS } from './instructions.ts';
import type { Reader } from './reader.ts';
import { tableType, valueType } from './value-type.ts';

/** Alignments are powers of two up to 16 bytes. Higher bits would name another memory. */
const MAX_ALIGNMENT = 4;
const EMPTY_BLOCK = 0x40;

/** Skips what follows an instruction. */
export const skipOperands = (reader: Reader, operands: number): void => {
  switch (operands) {
    case OPERANDS.none:
    case OPERANDS.end:
      return;
    case OPERANDS.index:
      reader.u32();
      return;
    case OPERANDS.memory:
      memoryOperands(reader);
      return;
    case OPERANDS.s32:
      reader.s32();
      return;
    case OPERANDS.s64:
      reader.skipS64();
      return;
    case OPERANDS.block:
      blockType(reader);
      return;
    case OPERANDS.indices:
      reader.u32();
      reader.u32();
      return;
    default:
      skipRare(reader, operands);
  }
};

const skipRare = (reader: Reader, operands: number): void => {
  switch (operands) {
    case OPERANDS.bytes4:
      return reader.skip(4);
    case OPERANDS.bytes8:
      return reader.skip(8);
    case OPERANDS.bytes16:
      return reader.skip(16);
    case OPERANDS.lane:
      return reader.skip(1);
    case OPERANDS.memoryLane:
      memoryOperands(reader);
      return reader.skip(1);
    case OPERANDS.zero:
      return oneMemory(reader);
    case OPERANDS.zeros:
      oneMemory(reader);
      return oneMemory(reader);
    case OPERANDS.indexZero:
      reader.u32();
      return oneMemory(reader);
    case OPERANDS.labels:
      return labels(reader);
    case OPERANDS.types:
      return selectTypes(reader);
    case OPERANDS.reference:
      return tableType(reader);
  }
};

const oneMemory = (reader: Reader): void => reader.expect(0, 'the memory of an instruction');

const memoryOperands = (reader: Reader): void => {
  const { at } = reader;
  const alignment = reader.u32();
  if (alignment > MAX_ALIGNMENT) {
    throw new WasmFault('malformed', at, `an alignment of 2^${alignment} bytes, or another memory than the first`);
  }
  reader.u32();
};

const blockType = (reader: Reader): void => {
  const first = reader.bytes[reader.at];
  if (first === undefined || first === EMPTY_BLOCK) reader.skip(1);
  // One byte whose sign bit is set is a type's, not an index'.
  else if (first >= EMPTY_BLOCK && first < 0x80) valueType(reader);
  else typeIndex(reader);
};

const typeIndex = (reader: Reader): void => {
  const { at } = reader;
  if (reader.s33() < 0) throw new WasmFault('malformed', at, 'the type of a block is a negative index');
};

const labels = (reader: Reader): void => {
  const count = reader.count('labels', reader.end);
  for (let i = 0; i <= count; i++) reader.u32();
};

/** A selection has one type, written as a list of one. */
const selectTypes = (reader: Reader): void => {
  reader.expect(1, 'the count of types of a selection');
  valueType(reader);
};
