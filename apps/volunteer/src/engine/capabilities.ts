import type { Capabilities, WasmFeature } from '@gossamer/protocol';

/**
 * For each feature of WebAssembly the smallest module that uses it, hexadecimal, without the eight bytes with which
 * every module begins: a browser that lacks the feature calls it invalid. Nothing is compiled, and nothing is run.
 */
const MODULES: Record<WasmFeature, string> = {
  // (func (result v128) i32.const 0, i8x16.splat, i8x16.popcnt)
  simd: '0105016000017b030201000a0a0108004100fd0ffd620b',
  // (memory 1 1 shared) (func i32.const 0, i32.atomic.load, drop)
  threads: '010401600000030201000504010301010a0b0109004100fe1002001a0b',
  // (func try, catch_all, end)
  exceptions: '010401600000030201000a080106000640190b0b',
  // (type (struct (field i8)))
  gc: '0105015f017800',
  // (memory i64 1)
  memory64: '0503010401',
  // (func return_call 0)
  'tail-call': '010401600000030201000a0601040012000b',
};

const HEADER = '0061736d01000000';

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: hex.length / 2 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16));

/** Features of WebAssembly that this browser has. */
export const wasmFeatures = (): WasmFeature[] =>
  (Object.keys(MODULES) as WasmFeature[]).filter((name) => WebAssembly.validate(bytesOf(HEADER + MODULES[name])));

interface Told {
  /** GB, rounded to a power of two by the browser, as it would else tell people apart; Chromium only. */
  deviceMemory?: number;
  hardwareConcurrency?: number;
}

/** What this device has, as far as its browser tells; jobs may require it. */
export const capabilitiesOf = ({ deviceMemory, hardwareConcurrency }: Told): Capabilities => ({
  memoryMb: deviceMemory === undefined ? null : Math.round(deviceMemory * 1024),
  cores: hardwareConcurrency === undefined ? null : Math.min(1024, hardwareConcurrency),
  wasm: wasmFeatures(),
});
