/**
 * What the judge's side inside the engine begins with: built-ins as they were before the program, and words for its values
 * and for what it throws. `errorLength` is in UTF-16 units.
 */
export const BASE = `
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { isArray } = Array;
  const arrays = [
    Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
    BigInt64Array, BigUint64Array,
  ];
  const Buffer = ArrayBuffer;
  const { isView } = ArrayBuffer;
  const { isFinite, isSafeInteger } = Number;
  const Awaited = Promise;
  const Mapping = Map;
  const Collection = Set;
  const iterator = Symbol.iterator;
  const text = String;
  const sliceOf = Function.prototype.call.bind(String.prototype.slice);
  const indexIn = Function.prototype.call.bind(String.prototype.indexOf);
  const copyOf = Function.prototype.call.bind(ArrayBuffer.prototype.slice);
  const joined = Function.prototype.call.bind(Array.prototype.join);

  const typeOf = (value) => {
    if (value === null) return 'null';
    if (value instanceof Awaited) return 'a promise';
    if (isArray(value)) return 'an array';
    if (isView(value) || value instanceof Buffer) return 'bytes';
    if (value instanceof Mapping) return 'a Map';
    if (value instanceof Collection) return 'a Set';
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

  // What ends a tool with words of ours: a wrong value, or too much of it.
  class Fault {
    constructor(kind, words) {
      this.kind = kind;
      this.text = sliceOf(words, 0, errorLength);
    }
  }
  const fault = (kind, words) => new Fault(kind, words);
  const guarded = (tool) => {
    try {
      return tool();
    } catch (thrown) {
      return thrown instanceof Fault ? thrown : { kind: 'threw', text: describe(thrown) };
    }
  };

  const exported = (program, name) => {
    const value = program[name];
    if (typeof value !== 'function') throw fault('missing', typeOf(value));
    return value;
  };

  // What JSON would drop or change without a word is refused: it would not come back as it was.
  const jsonOf = (value, what) => {
    const json = stringify(value, (key, item) => {
      const type = typeof item;
      const isLost =
        (type === 'number' && !isFinite(item)) || type === 'bigint' || type === 'symbol' || type === 'function' ||
        (type === 'object' && item !== null &&
          (isView(item) || item instanceof Buffer || item instanceof Mapping || item instanceof Collection ||
            item instanceof Awaited));
      if (!isLost) return item;
      const said = type === 'number' ? text(item) : typeOf(item);
      throw fault('faulty', what + ' holds ' + said + (key === '' ? '' : ' at "' + sliceOf(key, 0, 100) + '"') +
        ', which JSON cannot carry');
    });
    if (json === undefined) throw fault('faulty', what + ' is undefined');
    return json;
  };
`;
