/** The elements of typed arrays, in the order of their encodings: bytes an element. A Uint8Array is plain bytes. */
export const ELEMENT_BYTES = {
  int8: 1,
  uint8Clamped: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  float64: 8,
  bigInt64: 8,
  bigUint64: 8,
} as const;
export type ElementType = keyof typeof ELEMENT_BYTES;
export const ELEMENT_TYPES = Object.keys(ELEMENT_BYTES) as ElementType[];

/** How the bytes of an input or a result are to be read. Elements are little-endian, as in every browser. */
export const ENCODING = {
  json: 0,
  bytes: 1,
  int8: 2,
  uint8Clamped: 3,
  int16: 4,
  uint16: 5,
  int32: 6,
  uint32: 7,
  float32: 8,
  float64: 9,
  bigInt64: 10,
  bigUint64: 11,
} as const satisfies Record<'json' | 'bytes' | ElementType, number>;
export type Encoding = (typeof ENCODING)[keyof typeof ENCODING];

export const isEncoding = (value: number): value is Encoding =>
  Number.isInteger(value) && value >= ENCODING.json && value <= ENCODING.bigUint64;

/** The type of a typed array's elements; null for JSON and plain bytes. */
export const elementTypeOf = (encoding: Encoding): ElementType | null =>
  ELEMENT_TYPES[encoding - ENCODING.int8] ?? null;

/** Bytes with their encoding: UTF-8 JSON text, bytes as they are, or the elements of a typed array. */
export interface Payload {
  encoding: Encoding;
  body: Uint8Array;
}
