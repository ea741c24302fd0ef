import type { Encoding } from '@gossamer/protocol';
import { SHORT } from './out.ts';
import {
  apply,
  bufferByteLength,
  bytesSet,
  charCodeAt,
  dataViewBuffer,
  dataViewByteLength,
  dataViewByteOffset,
  getPrototypeOf,
  isArray,
  isView,
  jsonStringify,
  NativeArrayBuffer,
  NativeTypeError,
  NativeUint32Array,
  NativeUint8Array,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayName,
  typedArrayNames,
  utf8,
} from './primordials.ts';

/** The first `size` bytes of `body`, which holds them until the next result is encoded. */
export interface EncodedResult {
  encoding: Encoding;
  body: Uint8Array<ArrayBuffer>;
  size: number;
}

/** Prototypes whose objects JSON would write as `{}` or as an object of numbered keys: data lost without a word. */
const NO_JSON = [
  [Map.prototype, 'a Map'],
  [Set.prototype, 'a Set'],
  [WeakMap.prototype, 'a WeakMap'],
  [WeakSet.prototype, 'a WeakSet'],
  [Promise.prototype, 'a Promise'],
  [RegExp.prototype, 'a RegExp'],
  [Error.prototype, 'an Error'],
  [ArrayBuffer.prototype, 'an ArrayBuffer'],
  [DataView.prototype, 'a DataView'],
  [getPrototypeOf(Uint8Array.prototype), 'a typed array'],
] as const;
const objectProto = Object.prototype;
const arrayProto = Array.prototype;

const refuse = (what: string): never => {
  throw new NativeTypeError('the result cannot be sent: ' + what);
};
const tooLarge = (limit: number): never => refuse('it is over ' + limit + ' bytes');

const refuseLossy = (value: object): void => {
  let proto = getPrototypeOf(value);
  // A chain may be endless behind a Proxy.
  for (let depth = 0; depth < 16 && proto !== null && proto !== objectProto && proto !== arrayProto; depth++) {
    for (let i = 0; i < NO_JSON.length; i++) {
      const entry = NO_JSON[i]!;
      if (entry[0] === proto) refuse(entry[1] + ' inside it has no JSON form');
    }
    proto = getPrototypeOf(proto);
  }
};

/** Where a short text's bytes are until the next one: the caller takes them at once. */
const short = new Uint8Array(SHORT);

/** Whether the text is short and all ASCII; its bytes are in `short` then. A call of the encoder costs far more. */
const isShortAscii = (text: string): boolean => {
  if (text.length > SHORT) return false;
  for (let i = 0; i < text.length; i++) {
    const code = charCodeAt(text, i);
    if (code > 0x7f) return false;
    short[i] = code;
  }
  return true;
};

const encodeJson = (value: unknown, limit: number): EncodedResult => {
  let least = 0;
  function check(this: unknown, key: string, item: unknown): unknown {
    if (typeof item === 'string') {
      least += item.length + 2;
    } else if (typeof item === 'number') {
      if (item - item !== 0) refuse('NaN and Infinity have no JSON form; a typed array carries them');
      least += 1;
    } else if (typeof item === 'function' || typeof item === 'symbol' || typeof item === 'bigint') {
      refuse('a ' + typeof item + ' has no JSON form');
    } else if (item === undefined) {
      if (isArray(this)) refuse('undefined inside an array has no JSON form');
      return undefined;
    } else if (typeof item === 'object' && item !== null) {
      refuseLossy(item);
      least += 2;
    } else {
      least += 4;
    }
    // Ends a huge result early: its text has at least this many characters.
    if (!isArray(this)) least += key.length;
    if (least > limit + 64) tooLarge(limit);
    return item;
  }
  const text = jsonStringify(value, check);
  if (text === undefined) return refuse('it has no JSON form');
  if (text.length > limit) tooLarge(limit);
  if (isShortAscii(text)) return { encoding: 0, body: short, size: text.length };
  const body = utf8(text);
  const size = typedArrayByteLength(body);
  if (size > limit) tooLarge(limit);
  return { encoding: 0, body, size };
};

/** One bit pattern for every NaN: which one an operation yields is the processor's choice. */
const canonicaliseNaN = (name: string | undefined, buffer: ArrayBuffer, size: number): void => {
  if (name === 'Float32Array') {
    const words = new NativeUint32Array(buffer);
    for (let i = 0; i < size >>> 2; i++) if ((words[i]! & 0x7fffffff) >>> 0 > 0x7f800000) words[i] = 0x7fc00000;
  } else if (name === 'Float64Array') {
    const words = new NativeUint32Array(buffer);
    for (let i = 0; i < size >>> 2; i += 2) {
      const high = (words[i + 1]! & 0x7fffffff) >>> 0;
      if (high > 0x7ff00000 || (high === 0x7ff00000 && words[i] !== 0)) {
        words[i] = 0;
        words[i + 1] = 0x7ff80000;
      }
    }
  } else if (name === 'Float16Array') {
    const bytes = new NativeUint8Array(buffer);
    for (let i = 0; i < size; i += 2) {
      const high = bytes[i + 1]! & 0x7f;
      if (high > 0x7c || (high === 0x7c && bytes[i] !== 0)) {
        bytes[i] = 0;
        bytes[i + 1] = 0x7e;
      }
    }
  }
};

/** Plain bytes are 1; so is what has no encoding of its own, such as a Float16Array. */
const encodingOf = (name: string | undefined): Encoding => {
  for (let i = 0; i < typedArrayNames.length; i++) if (typedArrayNames[i] === name) return (i + 2) as Encoding;
  return 1;
};

const encodeBytes = (
  name: string | undefined,
  source: ArrayBufferLike,
  offset: number,
  size: number,
  limit: number,
): EncodedResult => {
  if (size > limit) tooLarge(limit);
  const buffer = new NativeArrayBuffer(size);
  const body = new NativeUint8Array(buffer);
  // A detached buffer throws here.
  bytesSet(body, new NativeUint8Array(source as ArrayBuffer, offset, size), 0);
  canonicaliseNaN(name, buffer, size);
  return { encoding: encodingOf(name), body, size };
};

/** Bytes of an ArrayBuffer; -1 for anything else. */
export const bufferSize = (value: unknown): number => {
  try {
    return bufferByteLength(value);
  } catch {
    return -1;
  }
};

/**
 * Encodes what `run` returned: a typed array as its elements, an ArrayBuffer or another view as its bytes, anything else as
 * JSON text.
 * Throws a TypeError that says what cannot be sent.
 */
export const encodeResult = (value: unknown, limit: number): EncodedResult => {
  if (value === undefined) return refuse('it is undefined');
  if (isView(value)) {
    const name = typedArrayName(value);
    return name === undefined
      ? encodeBytes(name, dataViewBuffer(value), dataViewByteOffset(value), dataViewByteLength(value), limit)
      : encodeBytes(name, typedArrayBuffer(value), typedArrayByteOffset(value), typedArrayByteLength(value), limit);
  }
  if (typeof value === 'object' && value !== null) {
    const size = bufferSize(value);
    if (size >= 0) return encodeBytes(undefined, value as ArrayBuffer, 0, size, limit);
  }
  return encodeJson(value, limit);
};

/** Reads `then` as a promise would; what its getter throws, this throws. */
export const isThenable = (value: unknown): boolean =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

/** Calls a program's function. */
export const callProgram = (run: unknown, input: unknown, ctx: unknown): unknown =>
  apply(run as (...args: unknown[]) => unknown, undefined, [input, ctx]);
