import { wat as assemble } from '@gossamer/program/testing/wat';
import type { ProgramCase } from '../case.ts';

export const MEMORY = '(import "grid" "memory" (memory 1 4))';
export const RUN = '(func (export "run"))';

/** A program that is the module with these bytes. */
export const bytesOf = (bytes: Iterable<number>): ProgramCase['program'] => ({
  wasm: Buffer.from([...bytes]).toString('base64'),
});

/** The module of a text; its types are not checked. */
export const wat = (text: string): ProgramCase['program'] => bytesOf(assemble(`(module ${text})`));

/** Imports of the functions of `grid` that cases call. */
const GRID = `
  (import "grid" "input_size" (func $input_size (result i32)))
  (import "grid" "input_read" (func $input_read (param i32 i32 i32)))
  (import "grid" "input_number" (func $input_number (param i32 i32) (result f64)))
  (import "grid" "params_read" (func $params_read (param i32 i32 i32)))
  (import "grid" "params_number" (func $params_number (param i32 i32) (result f64)))
  (import "grid" "result_json" (func $result_json (param i32 i32)))
  (import "grid" "result_bytes" (func $result_bytes (param i32 i32)))
  (import "grid" "result_f32" (func $result_f32 (param i32 i32)))
  (import "grid" "result_f64" (func $result_f64 (param i32 i32)))
  (import "grid" "progress" (func $progress (param f64)))
  (import "grid" "log" (func $log (param i32 i32)))
  (import "grid" "picture" (func $picture (param i32 i32 i32)))
  (import "grid" "abort" (func $abort (param i32 i32)))`;

/** A module of four pages whose `run` has this body, with whatever else it defines. */
export const running = (body: string, define = ''): ProgramCase['program'] =>
  wat(`${MEMORY} ${GRID} ${define} (func $run (export "run") ${body})`);

/** Gives the 32-bit integer on the stack as the result, and so ends a body. */
export const GIVE =
  '(local.set 0) (i32.store (i32.const 0) (local.get 0)) (call $result_bytes (i32.const 0) (i32.const 4))';

export const wasmCase = (
  name: string,
  program: ProgramCase['program'],
  expect: ProgramCase['expect'],
  more: Partial<ProgramCase> = {},
): ProgramCase => ({ name: `a module that ${name}`, family: 'wasm', program, expect, ...more });
