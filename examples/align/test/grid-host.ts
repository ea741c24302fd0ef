/** What a module of docs/wasm.md is given, as far as this example asks for it. */
export interface Hosted {
  /** Parsed; null where it gave none. */
  result: unknown;
  picture: { width: number; height: number; rgba: Uint8ClampedArray } | null;
  progress: number[];
  aborted: string | null;
}

class Aborted extends Error {}

/** Runs a module on one input, in an instance of its own. */
export const host = (module: WebAssembly.Module, input: Uint8Array, params: Record<string, number>): Hosted => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 64 });
  const bytes = (at: number, size: number): Uint8Array => new Uint8Array(memory.buffer, at >>> 0, size);
  const text = (at: number, size: number): string => new TextDecoder().decode(bytes(at, size));
  const hosted: Hosted = { result: null, picture: null, progress: [], aborted: null };
  const grid = {
    input_size: () => input.length,
    input_read: (to: number, from: number, size: number) => bytes(to, size).set(input.subarray(from, from + size)),
    params_number: (at: number, size: number) => params[text(at, size)]!,
    result_json: (at: number, size: number) => void (hosted.result = JSON.parse(text(at, size))),
    progress: (done: number) => void hosted.progress.push(done),
    picture: (at: number, width: number, height: number) => {
      hosted.picture = { width, height, rgba: new Uint8ClampedArray(bytes(at, width * height * 4)) };
    },
    abort: (at: number, size: number) => {
      hosted.aborted = text(at, size);
      throw new Aborted();
    },
  };
  try {
    const instance = new WebAssembly.Instance(module, { env: { memory }, grid });
    (instance.exports['run'] as () => void)();
  } catch (error) {
    if (!(error instanceof Aborted)) throw error;
  }
  return hosted;
};
