import type { Picture, ProgramContext } from '@gossamer/program';
import { DOOR } from '../door/limits.ts';
import type { DataReads } from './data.ts';
import type { Out } from './out.ts';
import {
  freeze,
  NativeTypeError,
  NativeUint8Array,
  now,
  stringSlice,
  toText,
  typedArrayBuffer,
  typedArrayByteLength,
  typedArrayByteOffset,
  typedArrayName,
} from './primordials.ts';

/** Says when one more message of its kind may go. Each has a share, so that much progress does not drown a picture. */
export interface Allowances {
  progress: () => boolean;
  log: () => boolean;
  picture: () => boolean;
}

/** All shares together are a little less than the breaker allows, so that an honest boot never trips it. */
const BURST = DOOR.burst / 2;
const PER_MS = (DOOR.perSecond - 2) / 1000;

const makeAllowance = (share: number): (() => boolean) => {
  let tokens = BURST * share;
  let last = now();
  return () => {
    const time = now();
    tokens += (time - last) * PER_MS * share;
    if (tokens > BURST * share) tokens = BURST * share;
    last = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};

export const makeAllowances = (): Allowances => ({
  progress: makeAllowance(0.25),
  log: makeAllowance(0.25),
  picture: makeAllowance(0.5),
});

export interface UnitContext {
  ctx: ProgramContext;
  /** A line of the boot's own or of the console. */
  log(text: string): void;
  /** Calls after this do nothing: the unit has its outcome. */
  close(): void;
}

const isSide = (value: unknown): value is number =>
  typeof value === 'number' && value >= 1 && value <= DOOR.pictureSide && value % 1 === 0;

/** What one unit's program calls. Too frequent calls of `progress` and `picture` are dropped, as are lines too many. */
export const makeContext = (
  unit: { index: number; seed: number },
  params: unknown,
  out: Out,
  may: Allowances,
  reads: DataReads,
): UnitContext => {
  let open = true;
  let lines = 0;
  const log = (text: string): void => {
    if (!open || lines >= DOOR.logLines) return;
    lines += 1;
    out.log(stringSlice(lines === DOOR.logLines ? 'further lines are dropped' : text, 0, DOOR.logChars));
    if (may.log()) out.flush();
  };
  const progress = (done: number): void => {
    if (typeof done !== 'number' || done !== done) throw new NativeTypeError('progress takes a number from 0 to 1');
    if (open && may.progress() && out.progress(done < 0 ? 0 : done > 1 ? 1 : done)) out.flush();
  };
  const picture = (given: Picture): void => {
    const { width, height, rgba } = given;
    const name = typedArrayName(rgba);
    if (!isSide(width) || !isSide(height)) {
      throw new NativeTypeError(`a picture has 1 to ${DOOR.pictureSide} pixels a side`);
    }
    if (name !== 'Uint8ClampedArray' && name !== 'Uint8Array') {
      throw new NativeTypeError('rgba is a Uint8ClampedArray or a Uint8Array');
    }
    if (typedArrayByteLength(rgba) !== width * height * 4) {
      throw new NativeTypeError('rgba holds width * height * 4 bytes');
    }
    if (!open || !may.picture()) return;
    const bytes = new NativeUint8Array(
      typedArrayBuffer(rgba) as ArrayBuffer,
      typedArrayByteOffset(rgba),
      width * height * 4,
    );
    if (out.picture(width, height, bytes)) out.flush();
  };
  return {
    ctx: freeze({
      params,
      unit: freeze({ index: unit.index, seed: unit.seed }),
      data: (name: string, range?: { from?: number; to?: number }) => reads.read(name, range),
      dataSize: (name: string) => reads.size(name),
      progress,
      log: (text: string): void => log(toText(text)),
      picture,
    }),
    log,
    close: (): void => {
      open = false;
    },
  };
};
