import type { ProgramCase } from '../case.ts';
import { running } from '../case.ts';

/** Bytes of `(module (func (export "f") …))` with the given body, of type `() -> ()`. */
const module = (...code: number[]): string => {
  const body = [0, ...code, 0x0b];
  const bytes = [
    0,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    1,
    4,
    1,
    0x60,
    0,
    0,
    3,
    2,
    1,
    0,
    7,
    5,
    1,
    1,
    0x66,
    0,
    0,
    10,
    body.length + 2,
    1,
    body.length,
    ...body,
  ];
  return `new Uint8Array([${bytes.join()}])`;
};
const call = (bytes: string): string =>
  running(`const { instance } = await WebAssembly.instantiate(${bytes}); instance.exports.f(); return 'ran'`);

const wasmCase = (name: string, program: string, expect: ProgramCase['expect'], deadlineMs = 20_000): ProgramCase => ({
  name,
  family: 'wasm',
  program,
  expect,
  deadlineMs,
});

export const wasm: ProgramCase[] = [
  wasmCase('runs', call(module(1)), { value: 'ran' }),
  wasmCase('traps', call(module(0)), { error: 'run', says: /unreachable/ }),
  wasmCase('loops', call(module(3, 0x40, 0x0c, 0, 0x0b)), { end: 'overran' }, 800),
  wasmCase('recurses', call(module(0x10, 0)), { error: 'run', says: /stack|recursion/ }),
  wasmCase('is garbage', running('await WebAssembly.compile(new Uint8Array([1, 2, 3]))'), {
    error: 'run',
    says: /CompileError/,
  }),
  wasmCase(
    'wants an import that is not there',
    running(
      'await WebAssembly.instantiate(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0]), {})',
    ),
    { error: 'run', says: /TypeError/ },
  ),
  wasmCase(
    'grows a memory past its maximum',
    running('const m = new WebAssembly.Memory({ initial: 1, maximum: 2 }); m.grow(2)'),
    { error: 'run', says: /RangeError/ },
  ),
  wasmCase('makes a huge table', running('new WebAssembly.Table({ element: "anyfunc", initial: 1e9 })'), {
    error: 'run',
    says: /./,
  }),
  wasmCase('streams over http', running('await WebAssembly.instantiateStreaming(fetch(U.http))'), {
    error: 'run',
    says: /./,
  }),
];
