import { gridError } from './fault.ts';
import { exactText, span } from './span.ts';
import type { WasmUnit } from './unit.ts';

type Setter = (at: number, size: number) => void;

const parsed = (bytes: Uint8Array<ArrayBuffer>, call: string): unknown => {
  const text = exactText(bytes, call);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw gridError(call, (error as Error).message);
  }
};

const floats =
  (bytesEach: number, make: (buffer: ArrayBuffer) => ArrayBufferView) =>
  (bytes: Uint8Array<ArrayBuffer>, call: string): ArrayBufferView => {
    if (bytes.byteLength % bytesEach !== 0) throw gridError(call, `the size is no multiple of ${bytesEach}`);
    return make(bytes.slice().buffer);
  };

/**
 * The functions by which a module gives its result, once a unit. What they make of its bytes is encoded as what a
 * JavaScript program returns: floats get one pattern for every NaN, JSON is written anew.
 */
export const resultFunctions = (unit: WasmUnit) => {
  const setter =
    (call: string, read: (bytes: Uint8Array<ArrayBuffer>, call: string) => unknown): Setter =>
    (at, size) => {
      if (unit.result !== undefined) throw gridError(call, 'the unit has its result already');
      const bytes = span(unit.memory, at, size, call);
      // Before anything is made of it: what JSON becomes is no part of the module's memory, and not bounded with it.
      if (bytes.byteLength > unit.resultBytes) throw gridError(call, `the result is over ${unit.resultBytes} bytes`);
      unit.result = read(bytes, call);
    };
  return {
    result_json: setter('result_json', parsed),
    result_bytes: setter('result_bytes', (bytes) => bytes.slice()),
    result_f32: setter(
      'result_f32',
      floats(4, (buffer) => new Float32Array(buffer)),
    ),
    result_f64: setter(
      'result_f64',
      floats(8, (buffer) => new Float64Array(buffer)),
    ),
  };
};
