import { type WasmLimits, validateWasm } from '@gossamer/program/wasm';
import wabt from 'wabt';
import { makeDataReads } from '../../../src/boot/data.ts';
import { makeDrive } from '../../../src/boot/drive.ts';
import { makeOut } from '../../../src/boot/out.ts';
import { makeRunner } from '../../../src/boot/runner.ts';
import { wasmRun } from '../../../src/boot/wasm/run.ts';
import { HEAD } from '../../../src/door/layout.ts';
import { type DoorRecord, decodeMessage } from '../../../src/engine/decode.ts';

const LIMITS: WasmLimits = { moduleBytes: 4 * 1024 * 1024, memoryBytes: 64 * 1024 * 1024 };
const RESULT_BYTES = 100_000;

const { parseWat } = await wabt();

/** A module from its text, with `grid.memory` of one page, at most three. */
export const wat = (text: string): Uint8Array<ArrayBuffer> => {
  const source = `(module (import "grid" "memory" (memory 1 3)) ${text})`;
  const module = parseWat('module.wat', source, { simd: true, bulk_memory: true });
  try {
    return new Uint8Array(module.toBinary({}).buffer);
  } finally {
    module.destroy();
  }
};

export type Input = { json: unknown } | { bytes: Uint8Array };

/** Runs one lease with the runner of JavaScript programs, and gives the records that the engine would read. */
export const lease = (
  bytes: Uint8Array<ArrayBuffer>,
  inputs: Input[],
  params: unknown = null,
  data: ReadonlyMap<string, Uint8Array> = new Map(),
): DoorRecord[] => {
  const { memory } = validateWasm(bytes, LIMITS);
  const run = wasmRun({ module: new WebAssembly.Module(bytes), memory, resultBytes: RESULT_BYTES, data });
  const records: DoorRecord[] = [];
  const out = makeOut((message) => records.push(...(decodeMessage(message, RESULT_BYTES) as DoorRecord[])));
  const told = {
    program: { kind: 'wasm' as const, bytes, memory },
    params: JSON.stringify(params),
    resultBytes: RESULT_BYTES,
    data: { entries: [], bodies: null },
  };
  const bodies = inputs.map((input) =>
    'json' in input
      ? (new TextEncoder().encode(JSON.stringify(input.json)).buffer as ArrayBuffer)
      : (input.bytes.slice().buffer as ArrayBuffer),
  );
  const heads = new Float64Array(inputs.length * HEAD);
  for (const [i, input] of inputs.entries()) {
    heads.set([i + 7, 0xdead_0000 + i, 'json' in input ? 0 : 1, bodies[i]!.byteLength], i * HEAD);
  }
  const drive = makeDrive();
  makeRunner(told, out, drive, makeDataReads(told.data, out, drive.moved)).run(run, {
    packed: false,
    count: inputs.length,
    heads,
    bodies,
  });
  return records;
};

/** The one outcome of a lease of one unit: a result as JSON or bytes, or the text of an error. */
export const outcome = (
  bytes: Uint8Array<ArrayBuffer>,
  input: Input = { json: null },
  params: unknown = null,
  data?: ReadonlyMap<string, Uint8Array>,
): unknown => {
  const last = lease(bytes, [input], params, data).at(-1)!;
  if (last.kind === 'error') return last.message;
  if (last.kind !== 'result') return last;
  return last.encoding === 0 ? JSON.parse(new TextDecoder().decode(last.body)) : new Uint8Array(last.body);
};
