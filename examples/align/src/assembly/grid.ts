@external("grid", "input_size") export declare function input_size(): u32;
@external("grid", "input_read") export declare function input_read(to: usize, from: u32, size: u32): void;
@external("grid", "input_number") declare function input_number(name: usize, size: u32): f64;
@external("grid", "params_size") export declare function params_size(): u32;
@external("grid", "params_read") export declare function params_read(to: usize, from: u32, size: u32): void;
@external("grid", "params_number") declare function params_number(name: usize, size: u32): f64;
@external("grid", "data_size") declare function data_size(name: usize, size: u32): u32;
@external("grid", "data_read") declare function data_read(name: usize, nameSize: u32, to: usize, from: u32, size: u32): void;
@external("grid", "unit_index") export declare function unit_index(): u32;
@external("grid", "unit_seed") export declare function unit_seed(): u32;
@external("grid", "result_json") declare function result_json(at: usize, size: u32): void;
@external("grid", "result_bytes") export declare function result_bytes(at: usize, size: u32): void;
@external("grid", "result_f32") export declare function result_f32(at: usize, size: u32): void;
@external("grid", "result_f64") export declare function result_f64(at: usize, size: u32): void;
@external("grid", "progress") export declare function progress(done: f64): void;
@external("grid", "log") declare function grid_log(at: usize, size: u32): void;
@external("grid", "picture") export declare function picture(at: usize, width: u32, height: u32): void;
@external("grid", "abort") declare function grid_abort(at: usize, size: u32): void;

export function inputNumber(name: string): f64 {
  const text = String.UTF8.encode(name);
  return input_number(changetype<usize>(text), text.byteLength);
}
export function paramsNumber(name: string): f64 {
  const text = String.UTF8.encode(name);
  return params_number(changetype<usize>(text), text.byteLength);
}
/** Bytes of the job's shared data of that name. */
export function dataSize(name: string): u32 {
  const text = String.UTF8.encode(name);
  return data_size(changetype<usize>(text), text.byteLength);
}
/** Copies `size` bytes of it, from its byte `from` on, to the address `to`. */
export function dataRead(name: string, to: usize, from: u32, size: u32): void {
  const text = String.UTF8.encode(name);
  data_read(changetype<usize>(text), text.byteLength, to, from, size);
}
export function resultJson(json: string): void {
  const text = String.UTF8.encode(json);
  result_json(changetype<usize>(text), text.byteLength);
}
export function log(line: string): void {
  const text = String.UTF8.encode(line);
  grid_log(changetype<usize>(text), text.byteLength);
}
/** What `throw`, `assert` and the checks of the compiler call. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  const text = String.UTF8.encode((message ? message : "aborted") + " (line " + line.toString() + ")");
  grid_abort(changetype<usize>(text), text.byteLength);
}
