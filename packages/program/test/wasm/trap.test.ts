import { describe, expect, it } from 'vitest';
import { trapKind } from '../../src/wasm/index.ts';
import { wat } from './wat.ts';

/** What the other engines say, as their sources have it. */
const TOLD: [engine: string, name: string, message: string, kind: string | null][] = [
  ['Chromium', 'RuntimeError', 'null function', 'indirect-call'],
  ['Firefox', 'RuntimeError', 'unreachable executed', 'unreachable'],
  ['Firefox', 'RuntimeError', 'index out of bounds', 'memory-out-of-bounds'],
  ['Firefox', 'RuntimeError', 'integer divide by zero', 'divide-by-zero'],
  ['Firefox', 'RuntimeError', 'integer overflow', 'integer-overflow'],
  ['Firefox', 'RuntimeError', 'invalid conversion to integer', 'integer-overflow'],
  ['Firefox', 'RuntimeError', 'indirect call to null', 'indirect-call'],
  ['Firefox', 'RuntimeError', 'indirect call signature mismatch', 'indirect-call'],
  ['Firefox', 'RuntimeError', 'table index out of bounds', 'table-out-of-bounds'],
  ['Firefox', 'InternalError', 'too much recursion', 'stack-overflow'],
  ['Safari', 'RuntimeError', 'Unreachable code should not be executed (evaluating ...)', 'unreachable'],
  ['Safari', 'RuntimeError', 'Out of bounds memory access (evaluating ...)', 'memory-out-of-bounds'],
  ['Safari', 'RuntimeError', 'Division by zero (evaluating ...)', 'divide-by-zero'],
  ['Safari', 'RuntimeError', 'Integer overflow (evaluating ...)', 'integer-overflow'],
  ['Safari', 'RuntimeError', 'Out of bounds Trunc operation (evaluating ...)', 'integer-overflow'],
  ['Safari', 'RuntimeError', 'call_indirect to a null table entry (evaluating ...)', 'indirect-call'],
  ['Safari', 'RuntimeError', 'Out of bounds table access (evaluating ...)', 'table-out-of-bounds'],
  ['Safari', 'RangeError', 'Maximum call stack size exceeded.', 'stack-overflow'],
  ['any', 'RuntimeError', 'something of the year 2040', 'trap'],
  ['any', 'RangeError', 'Invalid typed array length', null],
  ['any', 'TypeError', 'unreachable', null],
];

describe('traps', () => {
  it.each([
    ['unreachable', 'unreachable', 'unreachable'],
    ['a load behind the end', 'i32.const -4 i32.load drop', 'memory-out-of-bounds'],
    ['a fill behind the end', 'i32.const 65530 i32.const 0 i32.const 9 memory.fill', 'memory-out-of-bounds'],
    ['data behind its end', 'i32.const 0 i32.const 0 i32.const 9 memory.init 0', 'memory-out-of-bounds'],
    ['a division by zero', 'i32.const 1 local.get 0 i32.div_s drop', 'divide-by-zero'],
    ['a remainder by zero', 'i32.const 1 local.get 0 i32.rem_u drop', 'divide-by-zero'],
    ['a quotient too large', 'i32.const -2147483648 i32.const -1 i32.div_s drop', 'integer-overflow'],
    ['a float too large', 'f64.const 1e20 i32.trunc_f64_s drop', 'integer-overflow'],
    ['NaN as an integer', 'f64.const nan i32.trunc_f64_s drop', 'integer-overflow'],
    ['a call of nothing', 'i32.const 1 call_indirect (type 0)', 'indirect-call'],
    ['a call of another type', 'i32.const 0 call_indirect (type 1)', 'indirect-call'],
    ['a call behind the table', 'i32.const 9 call_indirect (type 0)', 'table-out-of-bounds'],
    ['entries behind the table', 'i32.const 1 i32.const 0 i32.const 9 table.init 0 0', 'table-out-of-bounds'],
    ['endless recursion', 'call 0', 'stack-overflow'],
  ])('WA17: %s is told by its kind', (_, code, kind) => {
    const bytes = wat(`(module (memory 1) (data "abc") (type (func)) (type (func (param i32)))
      (table 2 2 funcref) (elem func 0) (elem (i32.const 0) 0) (func (export "run") (local i32) ${
        code.endsWith('(type 1)') ? `i32.const 0 ${code}` : code
      }))`);
    const run = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports['run'] as () => void;
    let thrown: unknown;
    try {
      run();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(Error);
    expect(trapKind((thrown as Error).name, (thrown as Error).message)).toBe(kind);
  });

  it.each(TOLD)('WA17: %s: %s: %s', (_, name, message, kind) => {
    expect(trapKind(name, message)).toBe(kind);
  });
});
