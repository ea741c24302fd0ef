import { describe, expect, it } from 'vitest';
import { lease, outcome, wat } from './lease.ts';

const ASK = `(import "grid" "input_size" (func $size (result i32)))
  (import "grid" "input_read" (func $read (param i32 i32 i32)))
  (import "grid" "result_bytes" (func $bytes (param i32 i32)))`;
const GIVE = `(import "grid" "result_json" (func $json (param i32 i32)))`;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);

describe('a wasm module in the cage', () => {
  const echo = wat(`${ASK} (func (export "run")
    (call $read (i32.const 100) (i32.const 0) (call $size)) (call $bytes (i32.const 100) (call $size)))`);

  it('CG62: gets its input, bytes as they are and JSON as text', () => {
    expect(outcome(echo, { bytes: new Uint8Array([0, 255, 7]) })).toEqual(new Uint8Array([0, 255, 7]));
    expect(text(outcome(echo, { json: { a: ['ü', 1] } }))).toBe('{"a":["ü",1]}');
    expect(outcome(echo, { bytes: new Uint8Array() })).toEqual(new Uint8Array());
  });

  it('CG62: gets its parameters, and a part of what it asks for', () => {
    const part = wat(`(import "grid" "params_size" (func $size (result i32)))
      (import "grid" "params_read" (func $read (param i32 i32 i32)))
      (import "grid" "result_bytes" (func $bytes (param i32 i32)))
      (func (export "run") (call $read (i32.const 0) (i32.const 2) (i32.const 3))
        (i32.store (i32.const 4) (call $size)) (call $bytes (i32.const 0) (i32.const 5)))`);
    expect(text(outcome(part, undefined, 'abcdef'))).toBe('bcd\0\x08');
  });

  it('CG62: gets numbers of the input and the parameters by name, without reading JSON', () => {
    const sum = wat(`(import "grid" "input_number" (func $i (param i32 i32) (result f64)))
      (import "grid" "params_number" (func $p (param i32 i32) (result f64)))
      (import "grid" "result_f64" (func $give (param i32 i32))) (data (i32.const 8) "scale__proto__")
      (func (export "run") (f64.store (i32.const 0) (f64.add (call $i (i32.const 0) (i32.const 0))
        (call $p (i32.const 8) (i32.const 5)))) (call $give (i32.const 0) (i32.const 8)))`);
    const bytes = outcome(sum, { json: 40 }, { scale: 2.5 }) as Uint8Array;
    expect(new Float64Array(bytes.slice().buffer)[0]).toBe(42.5);
    expect(outcome(sum, { json: '40' }, { scale: 2 })).toBe('GridError: input_number: it is no number');
    expect(outcome(sum, { bytes: utf8('40') }, { scale: 2 })).toBe('GridError: input_number: it is no number');
    for (const params of [null, 3, {}, { scale: '2' }, [2], { Scale: 2 }]) {
      expect(outcome(sum, { json: 40 }, params)).toBe('GridError: params_number: there is no number named "scale"');
    }
  });

  it('CG62: knows its unit, unsigned', () => {
    const unit = wat(`(import "grid" "unit_index" (func $index (result i32)))
      (import "grid" "unit_seed" (func $seed (result i32))) (import "grid" "result_bytes" (func $bytes (param i32 i32)))
      (func (export "run") (i32.store (i32.const 0) (call $index)) (i32.store (i32.const 4) (call $seed))
        (call $bytes (i32.const 0) (i32.const 8)))`);
    expect([...new Uint32Array((outcome(unit) as Uint8Array).slice().buffer)]).toEqual([7, 0xdead_0000]);
  });

  it.each([
    ['input_read', 'param i32 i32 i32', '(i32.const 65533) (i32.const 0) (i32.const 4)'],
    ['input_read', 'param i32 i32 i32', '(i32.const -1) (i32.const 0) (i32.const 2)'],
    ['input_read', 'param i32 i32 i32', '(i32.const 0) (i32.const 0) (i32.const -1)'],
    ['result_bytes', 'param i32 i32', '(i32.const 65536) (i32.const 1)'],
    ['result_json', 'param i32 i32', '(i32.const -2147483648) (i32.const 1)'],
    ['log', 'param i32 i32', '(i32.const 65000) (i32.const 1000)'],
    ['abort', 'param i32 i32', '(i32.const 1) (i32.const 65536)'],
    ['params_number', 'param i32 i32) (result f64', '(i32.const 65536) (i32.const 1)'],
    ['picture', 'param i32 i32 i32', '(i32.const 0) (i32.const 65536) (i32.const 65536)'],
  ])('CG63: %s refuses what lies outside of the memory', (name, type, args) => {
    const drop = type.includes('result') ? 'drop' : 'nop';
    const bytes = wat(`(import "grid" "${name}" (func $f (${type}))) (func (export "run") ${args} call $f ${drop})`);
    expect(outcome(bytes, { bytes: new Uint8Array(9) })).toMatch(
      new RegExp(`^GridError: ${name}: \\d+ bytes at \\d+ lie outside`),
    );
  });

  it('CG63: what is beyond the end of the input is refused, and nothing is copied', () => {
    for (const [from, size] of [
      [0, 4],
      [4, 0],
      [-1, 1],
      [3, 1],
    ]) {
      const bytes = wat(
        `${ASK} (func (export "run") (call $read (i32.const 0) (i32.const ${from}) (i32.const ${size})))`,
      );
      expect(outcome(bytes, { bytes: new Uint8Array(3) })).toMatch(
        /^GridError: input_read: \d+ bytes from \d+ on are asked for; there are 3/,
      );
    }
    const end = wat(
      `${ASK} (func (export "run") (call $read (i32.const 0) (i32.const 3) (i32.const 0)) (call $bytes (i32.const 0) (i32.const 0)))`,
    );
    expect(outcome(end, { bytes: new Uint8Array(3) })).toEqual(new Uint8Array());
  });

  it('CG63: a memory that grew is seen as it is now', () => {
    const grown = wat(`${ASK} (func (export "run") (drop (memory.grow (i32.const 1)))
      (call $read (i32.const 131069) (i32.const 0) (i32.const 3)) (call $bytes (i32.const 131069) (i32.const 3)))`);
    expect(outcome(grown, { bytes: new Uint8Array([4, 5, 6]) })).toEqual(new Uint8Array([4, 5, 6]));
  });

  it('CG64: JSON is written anew, and is as strict as that of a JavaScript program', () => {
    const give = (json: string): unknown => {
      const [last] = lease(
        wat(`${GIVE} (data (i32.const 0) "${json.replaceAll('"', '\\"')}")
          (func (export "run") (call $json (i32.const 0) (i32.const ${utf8(json.replaceAll(/\\[0-9a-f]{2}/g, '?')).length})))`),
        [{ json: null }],
      );
      return last!.kind === 'result'
        ? text(last!.body)
        : last!.kind === 'error'
          ? `${last!.phase}: ${last!.message}`
          : '';
    };
    expect(give('{ "a" : [1.0, 2e0] }')).toBe('{"a":[1,2]}');
    expect(give('null')).toBe('null');
    expect(give('[1,')).toMatch(/^run: GridError: result_json: .*JSON/);
    expect(give('')).toMatch(/^run: GridError: result_json: /);
    expect(give('1e999')).toMatch(/^result: .*Infinity/);
    expect(give('\\ff')).toBe('run: GridError: result_json: the text is no UTF-8');
    expect(give('\\ef\\bb\\bf1')).toMatch(/^run: GridError: result_json: /);
  });

  it.each([
    ['result_f32', 4, 'i32.store (i32.const 0) (i32.const 0xffc12345)', [0, 0, 0xc0, 0x7f]],
    ['result_f64', 8, 'i64.store (i32.const 0) (i64.const 0xfff8000000012345)', [0, 0, 0, 0, 0, 0, 0xf8, 0x7f]],
    ['result_bytes', 4, 'i32.store (i32.const 0) (i32.const 0xffc12345)', [0x45, 0x23, 0xc1, 0xff]],
  ])('CG64: %s gives NaN its one pattern where the bytes are floats', (name, size, store, expected) => {
    const of = (bytes: number): Uint8Array<ArrayBuffer> =>
      wat(`(import "grid" "${name}" (func $f (param i32 i32))) (func (export "run") (${store})
        (call $f (i32.const 0) (i32.const ${bytes})))`);
    expect(outcome(of(size))).toEqual(new Uint8Array(expected));
    if (name !== 'result_bytes') expect(outcome(of(size - 1))).toMatch(/^GridError: .* multiple of/);
  });

  it('CG64: a result is given once, is not left out, and is within its limit', () => {
    const twice = `(call $bytes (i32.const 0) (i32.const 1))`;
    expect(outcome(wat(`${ASK} (func (export "run") ${twice} ${twice})`))).toMatch(
      /^GridError: result_bytes: .*already/,
    );
    expect(outcome(wat('(func (export "run"))'))).toMatch(/^GridError: run: .*no result/);
    for (const name of ['result_bytes', 'result_json', 'result_f32']) {
      const large = wat(`(import "grid" "${name}" (func $f (param i32 i32)))
        (func (export "run") (drop (memory.grow (i32.const 2))) (call $f (i32.const 0) (i32.const 100004)))`);
      expect(outcome(large)).toBe(`GridError: ${name}: the result is over 100000 bytes`);
    }
  });
});
