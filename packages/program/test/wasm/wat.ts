import { LIMITS } from '@gossamer/protocol';
import { WasmFault, type WasmLimits, validateWasm } from '../../src/wasm/index.ts';

export const LIMIT: WasmLimits = { moduleBytes: LIMITS.program, memoryBytes: 64 * 1024 * 1024 };

export { wat } from './assemble.ts';
export const MEMORY = '(import "grid" "memory" (memory 1 2))';
export const RUN = '(func (export "run"))';

/** The fault for which a module is refused, or null; anything else that is thrown passes. */
export const faultOf = (bytes: Uint8Array, limits = LIMIT): WasmFault | null => {
  try {
    validateWasm(bytes, limits);
    return null;
  } catch (error) {
    if (error instanceof WasmFault) return error;
    throw error;
  }
};

export const codeOf = (bytes: Uint8Array, limits = LIMIT): string | null => faultOf(bytes, limits)?.code ?? null;

/** Has something in every section that a module may have. */
export const RICH = `(module
  (import "grid" "memory" (memory 2 1024))
  (import "grid" "unit_seed" (func $seed (result i32)))
  (import "grid" "progress" (func $progress (param f64)))
  (import "grid" "result_f64" (func $result (param i32 i32)))
  (type $pair (func (param i32 i64) (result f32 f64)))
  (table $t 3 8 funcref)
  (global $g (mut i32) (i32.const -7))
  (global $v v128 (v128.const i64x2 1 2))
  (global $d f64 (f64.const 1.5))
  (global $l i64 (i64.const 0x7fffffffffffffff))
  (global $s f32 (f32.const 0.1))
  (elem (i32.const 1) func $run $init)
  (elem $later funcref (ref.func $run) (ref.null func))
  (data (i32.const 131068) "last")
  (data $passive "abc")
  (start $init)
  (func $init (global.set $g (call $seed)))
  (func $run (export "run") (local i32 i64 f32 f64 v128)
    (local.set 0 (memory.grow (i32.const 1)))
    (block $out (loop $again
      (br_table $again $out $out (i32.and (local.get 0) (i32.const 1)))))
    (memory.init $passive (i32.const 0) (i32.const 0) (i32.const 3))
    (data.drop $passive)
    (table.init $t $later (i32.const 0) (i32.const 0) (i32.const 1))
    (local.set 4 (i32x4.add (v128.load offset=16 (i32.const 0)) (global.get $v)))
    (v128.store8_lane 3 (i32.const 0) (local.get 4))
    (drop (select (result i32) (i32.const 1) (i32.const 2) (i32.const 0)))
    (call $progress (f64.const 0.5))
    (call_indirect (type 1) (f64.const 1) (i32.const 1))
    (i32.store (i32.const 0) (i32.trunc_sat_f64_s (global.get $d)))
    (memory.fill (i32.const 8) (i32.const 0) (i32.const 8))
    (memory.copy (i32.const 16) (i32.const 8) (i32.const 8))
    (return_call $done))
  (func $done (call $result (i32.const 0) (i32.const 8)))
  (func $pair (type $pair) (f32.const 1) (f64.const 2))
  (export "memory" (memory 0))
  (export "table" (table $t))
  (export "level" (global $g)))`;
