import type { GridFunction } from '@gossamer/program/wasm';
import { DOOR } from '../../door/limits.ts';
import { aborted, gridError } from './fault.ts';
import { numberIn } from './number.ts';
import { resultFunctions } from './result.ts';
import { exactText, shortText, span } from './span.ts';
import { type WasmUnit, lazyBytes } from './unit.ts';

type Grid = Record<GridFunction, (...args: number[]) => number | void>;

/** Bytes of a name that `input_number` and `params_number` look up. */
const NAME_BYTES = 1000;

/**
 * The functions that a module may import from `grid`, for one unit. Every pointer and size is checked at every call.
 * What they throw ends the unit: a module cannot catch it.
 */
export const makeGrid = (unit: WasmUnit): Grid => {
  const { memory, ctx, input } = unit;
  const inputBytes = lazyBytes(input);
  const paramsBytes = lazyBytes(ctx.params);

  const read =
    (call: string, bytesOf: () => Uint8Array) =>
    (to: number, from: number, size: number): void => {
      const bytes = bytesOf();
      const start = from >>> 0;
      const target = span(memory, to, size, call);
      if (start + target.byteLength > bytes.byteLength) {
        throw gridError(
          call,
          `${target.byteLength} bytes from ${start} on are asked for; there are ${bytes.byteLength}`,
        );
      }
      target.set(bytes.subarray(start, start + target.byteLength));
    };
  const numberOf =
    (call: string, value: unknown) =>
    (at: number, size: number): number => {
      const name = span(memory, at, size, call);
      if (name.byteLength > NAME_BYTES) throw gridError(call, `a name has at most ${NAME_BYTES} bytes`);
      return numberIn(value, exactText(name, call), call);
    };

  const dataOf = (call: string, at: number, size: number): Uint8Array => {
    const name = span(memory, at, size, call);
    if (name.byteLength > NAME_BYTES) throw gridError(call, `a name has at most ${NAME_BYTES} bytes`);
    const text = exactText(name, call);
    const bytes = unit.data.get(text);
    if (bytes === undefined) throw gridError(call, `the job shares no data named ${JSON.stringify(text)}`);
    return bytes;
  };

  return {
    input_size: () => inputBytes().byteLength,
    input_read: read('input_read', inputBytes),
    input_number: numberOf('input_number', input),
    params_size: () => paramsBytes().byteLength,
    params_read: read('params_read', paramsBytes),
    params_number: numberOf('params_number', ctx.params),
    data_size: (at, size) => dataOf('data_size', at, size).byteLength,
    data_read: (at, nameSize, to, from, size) =>
      read('data_read', () => dataOf('data_read', at, nameSize))(to, from, size),
    unit_index: () => ctx.unit.index,
    unit_seed: () => ctx.unit.seed,
    ...resultFunctions(unit),
    progress: (done) => ctx.progress(done),
    log: (at, size) => ctx.log(shortText(span(memory, at, size, 'log'), DOOR.logChars)),
    picture: (at, width, height) => {
      const sides = { width: width >>> 0, height: height >>> 0 };
      // The context refuses sides that are too long, and copies what it takes.
      const size = Math.min(sides.width * sides.height * 4, 0xffff_ffff);
      ctx.picture({ ...sides, rgba: span(memory, at, size, 'picture') });
    },
    abort: (at, size) => {
      throw aborted(shortText(span(memory, at, size, 'abort'), DOOR.messageChars));
    },
  };
};
