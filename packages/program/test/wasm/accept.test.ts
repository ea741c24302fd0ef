import { describe, expect, it } from 'vitest';
import { isWasm, validateWasm } from '../../src/wasm/index.ts';
import { EXPORTS, FUNCTIONS, IMPORTS, LEAST, TYPES, bytesOf, code, name, section } from './bytes.ts';
import { LIMIT, MEMORY, RICH, RUN, codeOf, faultOf, wat } from './wat.ts';

describe('a module that may run', () => {
  it('WA1: what it has is told', () => {
    const bytes = wat(RICH);
    expect(WebAssembly.validate(bytes)).toBe(true);
    expect(validateWasm(bytes, LIMIT)).toEqual({
      memory: { namespace: 'grid', initialPages: 2, maximumPages: 1024 },
      imports: ['unit_seed', 'progress', 'result_f64'],
      exports: ['run', 'memory', 'table', 'level'],
      functions: 4,
      hasStart: true,
      usesSimd: true,
    });
  });

  it('WA1: the least one has a memory and an empty run', () => {
    expect(validateWasm(LEAST, LIMIT)).toEqual({
      memory: { namespace: 'grid', initialPages: 1, maximumPages: 2 },
      imports: [],
      exports: ['run'],
      functions: 1,
      hasStart: false,
      usesSimd: false,
    });
  });

  it('WA9: segments of tables have each of their eight forms', () => {
    const at = [0x41, 0, 0x0b];
    const ref = [0xd2, 0, 0x0b];
    const forms = [
      [0, ...at, 1, 0],
      [1, 0, 1, 0],
      [2, 0, ...at, 0, 1, 0],
      [3, 0, 1, 0],
      [4, ...at, 1, ...ref],
      [5, 0x70, 1, ...ref],
      [6, 0, ...at, 0x70, 1, ...ref],
      [7, 0x70, 1, ...ref],
    ];
    for (const form of forms) {
      const table = section(4, 1, 0x70, 1, 1, 1);
      const bytes = bytesOf(TYPES, IMPORTS, FUNCTIONS, table, EXPORTS, section(9, 1, ...form), code());
      expect([form, codeOf(bytes), WebAssembly.validate(bytes)]).toEqual([form, null, true]);
    }
  });

  it.each([
    ['an instruction', '(func (drop (v128.const i64x2 0 0)))', true],
    ['a global', '(global v128 (v128.const i64x2 0 0))', true],
    ['a local', '(func (local i32 v128))', true],
    ['a type', '(type (func (param v128)))', true],
    ['nothing', '(func (local f64))', false],
  ])('WA1: SIMD is told where %s uses it', (_, text, usesSimd) => {
    expect(validateWasm(wat(`(module ${MEMORY} ${RUN} ${text})`), LIMIT).usesSimd).toBe(usesSimd);
  });

  it('WA1: a module is told from a text by its first bytes', () => {
    expect(isWasm(LEAST)).toBe(true);
    expect([new Uint8Array(), LEAST.subarray(0, 3), LEAST.subarray(1)].map(isWasm)).toEqual([false, false, false]);
    expect(isWasm(new TextEncoder().encode('export const run = 1;'))).toBe(false);
  });

  it('WA5: the memory may be imported where compilers put it, and may be of just the limit', () => {
    const text = `(module (import "env" "memory" (memory 0 1024)) ${RUN})`;
    expect(validateWasm(wat(text), LIMIT).memory).toEqual({ namespace: 'env', initialPages: 0, maximumPages: 1024 });
    expect(codeOf(wat(text), { ...LIMIT, memoryBytes: LIMIT.memoryBytes - 1 })).toBe('memory-too-large');
    expect(
      validateWasm(wat(`(module (import "grid" "memory" (memory 1 65536)) ${RUN})`), {
        ...LIMIT,
        memoryBytes: 2 ** 40,
      }).memory.maximumPages,
    ).toBe(65_536);
  });

  it('WA15: custom sections are ignored wherever they stand, but for links to files elsewhere', () => {
    const custom = (text: string): number[] => section(0, ...name(text), 0xff, 0xff);
    const parts = [TYPES, IMPORTS, FUNCTIONS, EXPORTS, code()];
    for (let at = 0; at <= parts.length; at++) {
      const around = (text: string): Uint8Array<ArrayBuffer> => bytesOf(...parts.toSpliced(at, 0, custom(text)));
      for (const text of ['name', 'producers', 'target_features', '', 'ü']) {
        expect(codeOf(around(text))).toBeNull();
        expect(WebAssembly.validate(around(text))).toBe(true);
      }
      expect(codeOf(around('sourceMappingURL'))).toBe('debug-link');
      expect(codeOf(around('external_debug_info'))).toBe('debug-link');
    }
    expect(codeOf(bytesOf(...parts, section(0, 1, 0xff)))).toBe('malformed');
    expect(codeOf(bytesOf(...parts, section(0)))).toBe('truncated');
    expect(codeOf(bytesOf(section(0, 9, 0x61), ...parts))).toBe('truncated');
  });

  it('WA1: a fault names the byte, what is wrong and what to do', () => {
    const fault = faultOf(wat(`(module (import "grid" "memory" (memory 1)) ${RUN})`))!;
    expect(fault).toMatchObject({ name: 'WasmFault', code: 'memory-unbounded', offset: 30 });
    expect(fault.message).toBe(`byte 30: ${fault.text}`);
    expect(fault.text).toContain('--max-memory');
    expect(codeOf(wat(`(module ${MEMORY} ${RUN})`), { ...LIMIT, moduleBytes: 10 })).toBe('module-too-large');
  });
});
