import type { ElementType } from './payload.ts';

const ARRAYS = {
  int8: Int8Array,
  uint8Clamped: Uint8ClampedArray,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  bigInt64: BigInt64Array,
  bigUint64: BigUint64Array,
} as const satisfies Record<ElementType, unknown>;

export type TypedArrayOf<Type extends ElementType> = InstanceType<(typeof ARRAYS)[Type]>;
export type TypedArray = TypedArrayOf<ElementType>;

/** The typed array that these bytes are, in memory of its own. Throws RangeError where they are no whole elements. */
export const typedArrayOf = (type: ElementType, bytes: Uint8Array): TypedArray =>
  new ARRAYS[type](bytes.slice().buffer);

/** The type of a typed array's elements; null for a Uint8Array, and for what is none. */
export const elementTypeOfArray = (value: unknown): ElementType | null => {
  for (const [type, array] of Object.entries(ARRAYS)) if (value instanceof array) return type as ElementType;
  return null;
};
