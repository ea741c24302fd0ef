import type { ProgramMessage, UnitsMessage } from '../door/layout.ts';
import { HEAD } from '../door/layout.ts';
import type { UnitContext } from './context.ts';
import { makeAllowances, makeContext } from './context.ts';
import type { DataReads } from './data.ts';
import { describe } from './describe.ts';
import { decodeInput, joinedText } from './input.ts';
import type { makeDrive } from './drive.ts';
import type { Out } from './out.ts';
import {
  freeze,
  getOwnPropertyDescriptor,
  jsonParse,
  NativeUint8Array,
  nativeSetTimeout,
  now,
  ownKeys,
  stringSlice,
} from './primordials.ts';
import { reseed } from './random.ts';
import { callProgram, encodeResult, isThenable } from './result.ts';
import { resetTimers } from './timers.ts';

/** Packed outcomes wait for each other at most so long, and up to so many bytes. */
const PACK_MS = 4;
const PACK_BYTES = 32 * 1024;

const deepFreeze = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const keys = ownKeys(value);
  for (let i = 0; i < keys.length; i++) deepFreeze(getOwnPropertyDescriptor(value, keys[i]!)!.value);
  return freeze(value);
};

/** Runs the units of one lease, in order, with a program that is loaded. */
export const makeRunner = (told: ProgramMessage, out: Out, drive: ReturnType<typeof makeDrive>, reads: DataReads) => {
  const { resultBytes } = told;
  const params = deepFreeze(jsonParse(told.params));
  const allowances = makeAllowances();
  let position = 0;
  let offset = 0;
  let joined: string | null = null;
  let started = 0;
  let flushed = 0;
  let flushing = false;
  let current: UnitContext | undefined;

  const flush = (): void => {
    out.flush();
    flushed = now();
  };
  const late = (): void => {
    flushing = false;
    flush();
  };

  /** The input of the unit at `position`, still encoded; the lease's message gives its bytes up. */
  const take = ({ packed, bodies }: UnitsMessage, size: number): string | Uint8Array<ArrayBuffer> => {
    if (!packed) {
      const body = new NativeUint8Array(bodies[position]!);
      bodies[position] = undefined as never;
      return body;
    }
    const from = offset;
    offset += size;
    return joined === null ? new NativeUint8Array(bodies[0]!, from, size) : stringSlice(joined, from, offset);
  };

  /** After each outcome. */
  const next = ({ packed, count }: UnitsMessage): void => {
    position += 1;
    current?.close();
    resetTimers();
    if (!packed || position === count || out.size() >= PACK_BYTES || now() - flushed >= PACK_MS) {
      flush();
    } else if (!flushing) {
      // Comes only where a later unit waits for something: one that computes flushes after it.
      flushing = true;
      nativeSetTimeout(late, PACK_MS);
    }
  };
  const fail = (units: UnitsMessage, phase: 'run' | 'result', error: unknown): void => {
    out.error(now() - started, phase, describe(error));
    next(units);
  };
  const finish = (units: UnitsMessage, value: unknown): void => {
    const runMs = now() - started;
    let encoded;
    try {
      encoded = encodeResult(value, resultBytes);
    } catch (error) {
      fail(units, 'result', error);
      return;
    }
    out.result(runMs, encoded.encoding, encoded.body, encoded.size);
    next(units);
  };

  const run = (program: unknown, units: UnitsMessage): void => {
    joined = joinedText(units);
    goOn(program, units);
  };
  const goOn = (program: unknown, units: UnitsMessage): void => {
    const { count, heads } = units;
    while (position < count) {
      const at = position * HEAD;
      const unit = { index: heads[at]!, seed: heads[at + 1]! };
      const body = take(units, heads[at + 3]!);
      started = now();
      reseed(unit.seed);
      current = makeContext(unit, params, out, allowances, reads);
      let value: unknown;
      let waits: boolean;
      try {
        value = callProgram(program, decodeInput(heads[at + 2]!, body), current.ctx);
        waits = isThenable(value);
      } catch (error) {
        fail(units, 'run', error);
        continue;
      }
      if (waits) {
        drive.wait(value, (how, settled) => {
          if (how === 'ok') finish(units, settled);
          else if (how === 'failed') fail(units, 'run', settled);
          else fail(units, 'result', FORGOTTEN);
          goOn(program, units);
        });
        return;
      }
      finish(units, value);
    }
  };

  return {
    run,
    log: (text: string): void => current?.log(text),
  };
};

const FORGOTTEN = freeze({ message: 'the promise that run returned never settles' });
