/**
 * The judge's side of the border inside the engine, as text; evaluated before the program, whose changes of built-ins
 * it therefore does not see. It hands out plain strings only, cut to length before they leave the engine, so that
 * nothing outside ever reads a property, or calls a conversion, that the program may have made.
 *
 * `(outputLength, errorLength) => { room, bytes, parse, call, describe }`, lengths in UTF-16 units:
 * - `room(n)` throws unless n bytes are free: what the host copies in next is not checked by the engine's interface,
 * - `bytes(encoding, buffer)` gives a typed array, by the protocol's ENCODING,
 * - `call(program, name, ...args)` gives `{ kind: 'returned', type, json }`, or another kind with `text`,
 * - `describe(thrown)` gives a text for anything that was thrown, and may itself be kept from ending by it.
 */
export const PRELUDE = `
'use strict';
(outputLength, errorLength) => {
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { isArray } = Array;
  const arrays = [
    Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
    BigInt64Array, BigUint64Array,
  ];
  const Buffer = ArrayBuffer;
  const Awaited = Promise;
  const text = String;
  const sliceOf = Function.prototype.call.bind(String.prototype.slice);
  const indexIn = Function.prototype.call.bind(String.prototype.indexOf);

  const typeOf = (value) => {
    if (value === null) return 'null';
    if (value instanceof Awaited) return 'a promise';
    if (isArray(value)) return 'an array';
    const type = typeof value;
    if (type === 'object') return 'an object';
    return type === 'boolean' || type === 'undefined' ? type : 'a ' + type;
  };

  const describe = (thrown) => {
    if (typeof thrown !== 'object' || thrown === null) return sliceOf(text(thrown), 0, errorLength);
    const { name, message, stack } = thrown;
    if (typeof message !== 'string') return 'an object without a message';
    let words = sliceOf(message, 0, errorLength);
    if (typeof name === 'string') words = sliceOf(name, 0, 100) + ': ' + words;
    if (typeof stack !== 'string') return words;
    const end = indexIn(stack, '\\n');
    const place = sliceOf(stack, 0, end < 0 ? 200 : end);
    return sliceOf(place, 0, 4) === '    ' ? words + ' (' + sliceOf(place, 4, 200) + ')' : words;
  };

  const call = (program, name, ...args) => {
    try {
      const run = program[name];
      if (typeof run !== 'function') return { kind: 'missing', text: typeOf(run) };
      const value = apply(run, undefined, args);
      const type = typeOf(value);
      const json = type === 'a promise' ? 'null' : (stringify(value) ?? 'null');
      if (json.length > outputLength) return { kind: 'output', text: text(json.length) };
      return { kind: 'returned', type, json };
    } catch (thrown) {
      return { kind: 'threw', text: describe(thrown) };
    }
  };

  const nothing = () => {};
  globalThis.console = { log: nothing, info: nothing, warn: nothing, error: nothing, debug: nothing, trace: nothing };

  const room = (size) => void new Buffer(size);
  return { room, bytes: (encoding, buffer) => new arrays[encoding - 1](buffer), parse, call, describe };
};
`;
