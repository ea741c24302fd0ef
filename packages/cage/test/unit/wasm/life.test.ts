import { describe, expect, it } from 'vitest';
import { makeMemories } from '../../../src/boot/wasm/memories.ts';
import { type Input, lease, outcome, wat } from './lease.ts';

const BYTES = `(import "grid" "result_bytes" (func $bytes (param i32 i32)))`;
const units = (count: number): Input[] => Array.from({ length: count }, (_, i) => ({ json: i }));
const bodies = (records: ReturnType<typeof lease>): unknown[] =>
  records.map((record) => (record.kind === 'result' ? [...record.body] : record));

describe('the life of a wasm unit', () => {
  it.each([
    [
      'memory',
      '',
      '(i32.store8 (i32.const 8) (i32.add (i32.load8_u (i32.const 8)) (i32.const 1)))',
      '(i32.load8_u (i32.const 8))',
    ],
    [
      'a global',
      '(global $n (mut i32) (i32.const 0))',
      '(global.set $n (i32.add (global.get $n) (i32.const 1)))',
      '(global.get $n)',
    ],
    ['the size of the memory', '', '(drop (memory.grow (i32.const 1)))', '(i32.sub (memory.size) (i32.const 1))'],
  ])('CG65: no unit sees what the one before it left in %s', (_, define, change, read) => {
    const bytes = wat(`${BYTES} ${define} (func (export "run") ${change} (i32.store8 (i32.const 0) ${read})
      (call $bytes (i32.const 0) (i32.const 1)))`);
    expect(bodies(lease(bytes, units(4)))).toEqual([[1], [1], [1], [1]]);
  });

  it('CG65: data is laid anew for each unit, and the start function runs before each', () => {
    const bytes = wat(`${BYTES} (data (i32.const 0) "ab") (start $s) (func $s (i32.store8 (i32.const 1) (i32.const 99)))
      (func (export "run") (call $bytes (i32.const 0) (i32.const 2)) (i32.store8 (i32.const 0) (i32.const 0)))`);
    expect(bodies(lease(bytes, units(3)))).toEqual([
      [97, 99],
      [97, 99],
      [97, 99],
    ]);
  });

  it('CG65: a memory is used again where it did not grow, and emptied', () => {
    const next = makeMemories({ initialPages: 1, maximumPages: 3 });
    const first = next();
    new Uint8Array(first.buffer).fill(7);
    expect(next()).toBe(first);
    expect(new Uint8Array(first.buffer).every((byte) => byte === 0)).toBe(true);
    first.grow(1);
    const second = next();
    expect(second).not.toBe(first);
    expect(second.buffer.byteLength).toBe(65_536);
  });

  it('CG66: memory ends at the maximum that the module declares', () => {
    const bytes = wat(`${BYTES} (func (export "run")
      (loop $more (br_if $more (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
      (i32.store8 (i32.const 0) (memory.size)) (call $bytes (i32.const 0) (i32.const 1)))`);
    expect(outcome(bytes)).toEqual(new Uint8Array([3]));
  });

  it.each([
    ['unreachable', 'unreachable', /^Trap: unreachable \(/],
    ['an address outside', '(drop (i32.load (i32.const 65533)))', /^Trap: memory-out-of-bounds \(/],
    ['zero', '(drop (i32.div_u (i32.const 1) (i32.const 0)))', /^Trap: divide-by-zero \(/],
    ['recursion', '(call $run)', /^Trap: stack-overflow \(/],
  ])('CG67: a trap is told by its kind, and the next unit runs: %s', (_, code, says) => {
    const bytes = wat(`${BYTES} (import "grid" "unit_index" (func $index (result i32))) (func $run (export "run")
      (if (i32.eq (call $index) (i32.const 7)) (then ${code})) (call $bytes (i32.const 0) (i32.const 0)))`);
    const [first, second] = lease(bytes, units(2));
    expect(first).toMatchObject({ kind: 'error', phase: 'run', message: expect.stringMatching(says) });
    expect(second).toMatchObject({ kind: 'result' });
  });

  it('CG67: a trap of the start function is one of the unit', () => {
    expect(outcome(wat('(start $s) (func $s unreachable) (func (export "run"))'))).toMatch(/^Trap: unreachable/);
  });

  it('CG67: abort ends the unit with the text of the module', () => {
    const bytes = wat(`(import "grid" "abort" (func $abort (param i32 i32))) (data (i32.const 0) "no \\c3\\bc")
      (func (export "run") (call $abort (i32.const 0) (i32.const 5)))`);
    expect(outcome(bytes)).toBe('Aborted: no ü');
    const long = wat(`(import "grid" "abort" (func $abort (param i32 i32)))
      (func (export "run") (memory.fill (i32.const 0) (i32.const 97) (i32.const 60000)) (call $abort (i32.const 0) (i32.const 60000)))`);
    expect(outcome(long)).toMatch(/^Aborted: a{1900,2000}$/);
  });

  it('CG68: progress, log and picture are those of a JavaScript program', () => {
    const bytes = wat(`${BYTES} (import "grid" "progress" (func $progress (param f64)))
      (import "grid" "log" (func $log (param i32 i32))) (import "grid" "picture" (func $picture (param i32 i32 i32)))
      (data (i32.const 0) "line") (func (export "run") (call $progress (f64.const 0.25)) (call $log (i32.const 0) (i32.const 4))
        (call $picture (i32.const 0) (i32.const 1) (i32.const 1)) (call $bytes (i32.const 0) (i32.const 0)))`);
    expect(lease(bytes, units(1))).toMatchObject([
      { kind: 'progress', done: 0.25 },
      { kind: 'log', text: 'line' },
      { kind: 'picture', width: 1, height: 1, rgba: new Uint8ClampedArray([108, 105, 110, 101]) },
      { kind: 'result' },
    ]);
    const wrong = (call: string): unknown =>
      outcome(
        wat(`(import "grid" "progress" (func $progress (param f64)))
        (import "grid" "picture" (func $picture (param i32 i32 i32))) (func (export "run") ${call})`),
      );
    expect(wrong('(call $progress (f64.const nan))')).toMatch(/^TypeError: progress takes/);
    expect(wrong('(call $picture (i32.const 0) (i32.const 513) (i32.const 1))')).toMatch(/^TypeError: a picture has/);
    expect(wrong('(call $picture (i32.const 0) (i32.const 0) (i32.const 1))')).toMatch(/^TypeError: a picture has/);
  });

  it('CG68: lines and names are bounded, whatever their size', () => {
    const bytes = wat(`${BYTES} (import "grid" "log" (func $log (param i32 i32)))
      (func (export "run") (memory.fill (i32.const 0) (i32.const 97) (i32.const 60000))
        (call $log (i32.const 0) (i32.const 60000)) (call $bytes (i32.const 0) (i32.const 0)))`);
    expect(lease(bytes, units(1))[0]).toEqual({ kind: 'log', text: 'a'.repeat(1000) });
    const name = wat(`(import "grid" "params_number" (func $n (param i32 i32) (result f64)))
      (func (export "run") (drop (call $n (i32.const 0) (i32.const 1001))))`);
    expect(outcome(name, undefined, {})).toBe('GridError: params_number: a name has at most 1000 bytes');
  });
});
