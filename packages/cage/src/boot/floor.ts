import { frozenDate, frozenPerformance } from './clock.ts';
import { makeConsole } from './console.ts';
import {
  apply,
  defineProperty,
  NativeTypeError,
  promiseThen,
  resolved,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayName,
  uncurry,
} from './primordials.ts';
import { fillBytes, random } from './random.ts';
import { virtualTimers } from './timers.ts';

/** What the floor tells the runner. */
export interface FloorEvents {
  /** A line for the log of the unit that runs. */
  log(text: string): void;
  /** A callback that nobody awaits threw. */
  uncaught(error: unknown): void;
}

/** Methods of the global's prototype that a program keeps, taken before the scrub. */
const kept = {
  structuredClone: structuredClone.bind(globalThis),
  atob: atob.bind(globalThis),
  btoa: btoa.bind(globalThis),
};

/** Bytes that one call of `getRandomValues` may fill, as in browsers. */
const RANDOM_BYTES = 65_536;

const crypto = () => {
  const getRandomValues = (view: unknown): unknown => {
    const name = typedArrayName(view);
    if (name === undefined || name === 'Float16Array' || name === 'Float32Array' || name === 'Float64Array') {
      throw new NativeTypeError('getRandomValues takes an integer typed array');
    }
    const size = typedArrayByteLength(view);
    if (size > RANDOM_BYTES) throw new RangeError(`getRandomValues fills at most ${RANDOM_BYTES} bytes`);
    fillBytes(typedArrayBuffer(view), typedArrayByteOffset(view), size);
    return view;
  };
  const HEX = '0123456789abcdef';
  const randomUUID = (): string => {
    const bytes = new Uint8Array(16);
    fillBytes(typedArrayBuffer(bytes), 0, 16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    let text = '';
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
      text += HEX[bytes[i]! >> 4]! + HEX[bytes[i]! & 15]!;
    }
    return text;
  };
  return { getRandomValues, randomUUID };
};

/** Calls of WebAssembly that have not been answered: while there are any, a promise may yet settle. */
let compiling = 0;
export const isCompiling = (): boolean => compiling > 0;

const compiled = (): void => {
  compiling -= 1;
};
const counted =
  (native: (...args: never[]) => Promise<unknown>) =>
  (...args: unknown[]): Promise<unknown> => {
    const answer: Promise<unknown> = apply(native, WebAssembly, args);
    compiling += 1;
    promiseThen(answer, compiled, compiled);
    return answer;
  };
const wasm = { compile: counted(WebAssembly.compile), instantiate: counted(WebAssembly.instantiate) };

/** Compiles the module of a wasm program, taken before any program could touch `WebAssembly`. */
export const compileWasm = (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> => wasm.compile(bytes);

const countWasm = (): void => {
  for (const name of ['compile', 'instantiate'] as const) {
    defineProperty(WebAssembly, name, { value: wasm[name], writable: true, enumerable: true, configurable: true });
  }
};

const numberText = uncurry(Number.prototype.toString);
const bigintText = uncurry(BigInt.prototype.toString);

/** Methods that would show the volunteer's locale. What they are asked for, a locale and its options, says nothing here. */
const forgetLocale = (): void => {
  const put = (proto: object, name: string, value: unknown): void => {
    defineProperty(proto, name, { value, writable: true, enumerable: false, configurable: true });
  };
  // `toString` itself would take a locale for a radix.
  put(Number.prototype, 'toLocaleString', function toLocaleString(this: number): string {
    return numberText(this);
  });
  put(BigInt.prototype, 'toLocaleString', function toLocaleString(this: bigint): string {
    return bigintText(this);
  });
  put(String.prototype, 'toLocaleUpperCase', String.prototype.toUpperCase);
  put(String.prototype, 'toLocaleLowerCase', String.prototype.toLowerCase);
  put(String.prototype, 'localeCompare', function localeCompare(this: string, other: unknown): number {
    const a = `${this}`;
    const b = `${other as string}`;
    return a < b ? -1 : a > b ? 1 : 0;
  });
};

/** Lays what programs and their libraries stand on: the same on every machine, at every time. */
export const layFloor = (global: object, events: FloorEvents): void => {
  const put = (name: string, value: unknown): void => {
    defineProperty(global, name, { value, writable: true, enumerable: false, configurable: true });
  };
  put('self', global);
  put('structuredClone', kept.structuredClone);
  put('atob', kept.atob);
  put('btoa', kept.btoa);
  put('Date', frozenDate());
  put('performance', frozenPerformance());
  put('crypto', crypto());
  put('console', makeConsole(events.log));
  put('setTimeout', virtualTimers.setTimeout);
  put('setInterval', virtualTimers.setInterval);
  put('clearTimeout', virtualTimers.clearTimeout);
  put('clearInterval', virtualTimers.clearInterval);
  put('queueMicrotask', (run: unknown): void => {
    if (typeof run !== 'function') throw new NativeTypeError('queueMicrotask takes a function');
    const job = (): void => {
      try {
        apply(run as () => void, undefined, []);
      } catch (error) {
        events.uncaught(error);
      }
    };
    promiseThen(resolved, job, job);
  });
  defineProperty(Math, 'random', { value: random, writable: true, enumerable: false, configurable: true });
  countWasm();
  forgetLocale();
};
