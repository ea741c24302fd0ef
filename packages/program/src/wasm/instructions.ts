/** What follows an instruction's code. What a table does not name is 0, unknown. */
export const OPERANDS = {
  unknown: 0,
  none: 1,
  /** Begins a block: its type. */
  block: 2,
  end: 3,
  /** One u32. */
  index: 4,
  /** Two u32. */
  indices: 5,
  /** Alignment and offset. */
  memory: 6,
  /** The same, and a lane. */
  memoryLane: 7,
  lane: 8,
  /** The one memory: a byte 0. */
  zero: 9,
  /** A segment, and a byte 0. */
  indexZero: 10,
  zeros: 11,
  s32: 12,
  s64: 13,
  bytes4: 14,
  bytes8: 15,
  bytes16: 16,
  /** `br_table`: many u32 and one more. */
  labels: 17,
  /** `select` with its type. */
  types: 18,
  /** `ref.null`: a type. */
  reference: 19,
  /** Another code follows. */
  bulk: 20,
  simd: 21,
  exceptions: 22,
  gc: 23,
  threads: 24,
} as const;

type Operands = keyof typeof OPERANDS;
type Row = readonly [from: number, to: number, operands: Operands];

const table = (size: number, rows: readonly Row[]): Uint8Array => {
  const made = new Uint8Array(size);
  for (const [from, to, operands] of rows) made.fill(OPERANDS[operands], from, to + 1);
  return made;
};

/**
 * Instructions of one byte: WebAssembly 2.0 with tail calls. Those of later proposals are refused by name, and what has
 * no name here is refused too.
 */
export const PLAIN = table(256, [
  [0x00, 0x01, 'none'],
  [0x02, 0x04, 'block'],
  [0x05, 0x05, 'none'],
  [0x06, 0x0a, 'exceptions'],
  [0x0b, 0x0b, 'end'],
  [0x0c, 0x0d, 'index'],
  [0x0e, 0x0e, 'labels'],
  [0x0f, 0x0f, 'none'],
  [0x10, 0x10, 'index'],
  [0x11, 0x11, 'indices'],
  [0x12, 0x12, 'index'],
  [0x13, 0x13, 'indices'],
  [0x14, 0x15, 'gc'],
  [0x18, 0x19, 'exceptions'],
  [0x1a, 0x1b, 'none'],
  [0x1c, 0x1c, 'types'],
  [0x1f, 0x1f, 'exceptions'],
  [0x20, 0x26, 'index'],
  [0x28, 0x3e, 'memory'],
  [0x3f, 0x40, 'zero'],
  [0x41, 0x41, 's32'],
  [0x42, 0x42, 's64'],
  [0x43, 0x43, 'bytes4'],
  [0x44, 0x44, 'bytes8'],
  [0x45, 0xc4, 'none'],
  [0xd0, 0xd0, 'reference'],
  [0xd1, 0xd1, 'none'],
  [0xd2, 0xd2, 'index'],
  [0xd3, 0xd6, 'gc'],
  [0xfb, 0xfb, 'gc'],
  [0xfc, 0xfc, 'bulk'],
  [0xfd, 0xfd, 'simd'],
  [0xfe, 0xfe, 'threads'],
]);

/** Behind 0xfc: conversions that saturate, and bulk operations of memory and tables. */
export const BULK = table(18, [
  [0, 7, 'none'],
  [8, 8, 'indexZero'],
  [9, 9, 'index'],
  [10, 10, 'zeros'],
  [11, 11, 'zero'],
  [12, 12, 'indices'],
  [13, 13, 'index'],
  [14, 14, 'indices'],
  [15, 17, 'index'],
]);

/** Codes behind 0xfd that no instruction has. */
const SIMD_GAPS = [
  0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2,
  0xee,
];

/** Behind 0xfd: vectors of 128 bits. From 256 on they are relaxed: each processor may round as it likes. */
export const SIMD = table(256, [
  [0x00, 0x0b, 'memory'],
  [0x0c, 0x0d, 'bytes16'],
  [0x0e, 0x14, 'none'],
  [0x15, 0x22, 'lane'],
  [0x23, 0x53, 'none'],
  [0x54, 0x5b, 'memoryLane'],
  [0x5c, 0x5d, 'memory'],
  [0x5e, 0xff, 'none'],
  ...SIMD_GAPS.map((code): Row => [code, code, 'unknown']),
]);
