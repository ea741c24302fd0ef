/**
 * What the boot uses, taken before a program can touch it. After a program is loaded, code of the boot reads no
 * method, accessor or iterator from a prototype, adds no element to an array, and resolves no promise with an object:
 * each of these can be patched, through `Object.prototype` too.
 */
export const { apply, construct, defineProperty, deleteProperty, getPrototypeOf, ownKeys } = Reflect;
export const { freeze, getOwnPropertyDescriptor } = Object;

type AnyFunction = (...args: never[]) => unknown;
const bindCall = Function.prototype.bind.bind(Function.prototype.call) as (fn: AnyFunction) => never;

/** A method as a function of its `this`. Calling what `bind` made looks nothing up. */
export const uncurry = <T, A extends unknown[], R>(method: (this: T, ...args: A) => R): ((self: T, ...args: A) => R) =>
  bindCall(method);

/** An accessor's getter as a function of its `this`. */
const getter = <R>(proto: object, key: PropertyKey): ((self: unknown) => R) =>
  bindCall(Object.getOwnPropertyDescriptor(proto, key)?.get as unknown as AnyFunction);

const TypedArray = Object.getPrototypeOf(Uint8Array) as { prototype: object };

export const NativeArrayBuffer = ArrayBuffer;
export const NativeBlob = Blob;
export const NativeDataView = DataView;
export const NativeDate = Date;
export const NativePromise = Promise;
export const NativeRangeError = RangeError;
export const NativeTypeError = TypeError;
export const NativeUint8Array = Uint8Array;
export const NativeUint32Array = Uint32Array;
/** Typed arrays by their encoding (`ENCODING` of the protocol), from 2 on, and their names. */
export const typedArrays = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const;
export const typedArrayNames = typedArrays.map(({ name }) => name);

export const isArray = Array.isArray;
export const isView = ArrayBuffer.isView as (value: unknown) => value is ArrayBufferView;
/** Throws where `self` is no ArrayBuffer. */
export const bufferByteLength = getter<number>(ArrayBuffer.prototype, 'byteLength');
/** Undefined for a DataView. */
export const typedArrayName = getter<string | undefined>(TypedArray.prototype, Symbol.toStringTag);
export const typedArrayBuffer = getter<ArrayBufferLike>(TypedArray.prototype, 'buffer');
export const typedArrayByteLength = getter<number>(TypedArray.prototype, 'byteLength');
export const typedArrayByteOffset = getter<number>(TypedArray.prototype, 'byteOffset');
export const dataViewBuffer = getter<ArrayBufferLike>(DataView.prototype, 'buffer');
export const dataViewByteLength = getter<number>(DataView.prototype, 'byteLength');
export const dataViewByteOffset = getter<number>(DataView.prototype, 'byteOffset');
export const bytesSet = uncurry(Uint8Array.prototype.set) as (self: Uint8Array, source: Uint8Array, at: number) => void;
export const setFloat64 = uncurry(DataView.prototype.setFloat64);
export const setUint32 = uncurry(DataView.prototype.setUint32);

export const jsonParse = JSON.parse;
export const jsonStringify = JSON.stringify as (value: unknown, replacer?: AnyFunction) => string | undefined;
export const stringSlice = uncurry(String.prototype.slice);
export const charCodeAt = uncurry(String.prototype.charCodeAt);
export const toText = String;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const encode = uncurry(TextEncoder.prototype.encode);
const decode = uncurry(TextDecoder.prototype.decode);
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encode(encoder, text);
export const fromUtf8 = (bytes: ArrayBuffer | Uint8Array): string => decode(decoder, bytes);

/** `then` itself; `Promise.prototype.constructor` is locked, so that it makes plain promises. */
export const promiseThen = uncurry(Promise.prototype.then) as (
  promise: Promise<unknown>,
  ok: (value: unknown) => void,
  failed: (reason: unknown) => void,
) => void;
export const resolved: Promise<unknown> = Promise.resolve();

export const createURL = URL.createObjectURL;
export const revokeURL = URL.revokeObjectURL;

export const now = performance.now.bind(performance);
export const nativeSetTimeout = setTimeout.bind(globalThis) as (run: () => void, ms: number) => number;
