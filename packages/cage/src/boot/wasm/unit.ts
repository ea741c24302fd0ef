import type { ProgramContext } from '@gossamer/program';

/** One unit, as the functions of `grid` see it. */
export interface WasmUnit {
  /** A JSON value, or bytes. */
  readonly input: unknown;
  readonly ctx: ProgramContext;
  readonly memory: WebAssembly.Memory;
  /** Largest result, bytes. */
  readonly resultBytes: number;
  /** Shared data, by its name. */
  readonly data: ReadonlyMap<string, Uint8Array>;
  /** What the module gave, of a kind that a JavaScript program could have returned; undefined until it has. */
  result: unknown;
}

const encoder = new TextEncoder();

/** A value's bytes: those of an ArrayBuffer, or its JSON text. Made when it is asked for, once. */
export const lazyBytes = (value: unknown): (() => Uint8Array) => {
  let bytes: Uint8Array | undefined;
  return () => {
    bytes ??= value instanceof ArrayBuffer ? new Uint8Array(value) : encoder.encode(JSON.stringify(value));
    return bytes;
  };
};
