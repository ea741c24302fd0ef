import { ELEMENT_BYTES, elementTypeOf, type Encoding, isEncoding } from '@gossamer/protocol';
import { PHASE, RECORD } from '../door/layout.ts';
import { DOOR } from '../door/limits.ts';

/** One record of a worker's message, judged. Bodies are views of the message. */
export type DoorRecord =
  | { kind: 'ready' }
  | { kind: 'refused'; message: string }
  | { kind: 'unloadable'; message: string; stack: string }
  | { kind: 'result'; runMs: number; encoding: Encoding; body: Uint8Array<ArrayBuffer> }
  | { kind: 'error'; runMs: number; phase: 'run' | 'result'; message: string; stack: string }
  | { kind: 'progress'; done: number }
  | { kind: 'log'; text: string }
  | { kind: 'data'; position: number; from: number; to: number }
  | { kind: 'picture'; width: number; height: number; rgba: Uint8ClampedArray<ArrayBuffer> };

/** Why a message is none of ours: its sender is ended. */
export interface Breach {
  breach: string;
}

class Misfit extends Error {}

/** A program's and the boot's module are blobs of random names, which would tell replicas' errors apart. */
const BLOB_URL = /blob:[^\s)]*?\/[0-9a-f-]{36}/g;

class Reader {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  #at = 0;
  constructor(buffer: ArrayBuffer) {
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
  }
  get done(): boolean {
    return this.#at === this.#bytes.length;
  }
  #take(size: number): number {
    const at = this.#at;
    if (size > this.#bytes.length - at) throw new Misfit('a record is cut off');
    this.#at = at + size;
    return at;
  }
  u8 = (): number => this.#view.getUint8(this.#take(1));
  u32 = (): number => this.#view.getUint32(this.#take(4), true);
  f64(max: number): number {
    const value = this.#view.getFloat64(this.#take(8), true);
    if (!(value >= 0 && value <= max)) throw new Misfit('a number is out of range');
    return value;
  }
  bytes(size: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }
  text(chars: number): string {
    const size = this.u32();
    if (size > chars * 3) throw new Misfit('a text is too long');
    return new TextDecoder().decode(this.bytes(size)).slice(0, chars);
  }
}

const readRecord = (input: Reader, resultBytes: number): DoorRecord => {
  const kind = input.u8();
  switch (kind) {
    case RECORD.ready:
      return { kind: 'ready' };
    case RECORD.refused:
      return { kind: 'refused', message: input.text(DOOR.messageChars) };
    case RECORD.unloadable:
      return { kind: 'unloadable', ...readError(input) };
    case RECORD.result: {
      const runMs = input.f64(Number.MAX_SAFE_INTEGER);
      const encoding = input.u8();
      if (!isEncoding(encoding)) throw new Misfit('an encoding is unknown');
      const size = input.u32();
      if (size > resultBytes) throw new Misfit('a result is too large');
      const type = elementTypeOf(encoding);
      if (type !== null && size % ELEMENT_BYTES[type] !== 0)
        throw new Misfit('a result is no whole number of elements');
      return { kind: 'result', runMs, encoding, body: input.bytes(size) };
    }
    case RECORD.error: {
      const runMs = input.f64(Number.MAX_SAFE_INTEGER);
      const phase = input.u8();
      if (phase !== PHASE.run && phase !== PHASE.result) throw new Misfit('a phase is unknown');
      return { kind: 'error', runMs, phase: phase === PHASE.run ? 'run' : 'result', ...readError(input) };
    }
    case RECORD.progress:
      return { kind: 'progress', done: input.f64(1) };
    case RECORD.log:
      return { kind: 'log', text: input.text(DOOR.logChars) };
    case RECORD.data:
      return {
        kind: 'data',
        position: input.u8(),
        from: input.f64(Number.MAX_SAFE_INTEGER),
        to: input.f64(Number.MAX_SAFE_INTEGER),
      };
    case RECORD.picture: {
      const width = input.u32();
      const height = input.u32();
      const side = DOOR.pictureSide;
      if (width < 1 || height < 1 || width > side || height > side) throw new Misfit('a picture has a wrong size');
      return { kind: 'picture', width, height, rgba: new Uint8ClampedArray(input.bytes(width * height * 4)) };
    }
    default:
      throw new Misfit('a record is of no known kind');
  }
};

/** A stack without the frames of the cage's own script, which are nothing to whoever wrote the program. */
const ownFrames = (stack: string): string =>
  stack
    .split('\n')
    .filter((frame) => !frame.includes('cage-boot:'))
    .join('\n');

const readError = (input: Reader): { message: string; stack: string } => {
  const message = input.text(DOOR.messageChars);
  const stack = input.text(DOOR.stackChars);
  return { message: message.replace(BLOB_URL, 'program'), stack: ownFrames(stack).replace(BLOB_URL, 'program') };
};

/**
 * Reads one message of a worker. Never throws: what is no such message is a breach.
 * @param resultBytes the largest result that the lease allows
 */
export const decodeMessage = (data: unknown, resultBytes: number): DoorRecord[] | Breach => {
  if (!(data instanceof ArrayBuffer) || (data as { resizable?: boolean }).resizable === true)
    return { breach: 'a message is no buffer' };
  if (data.byteLength === 0 || data.byteLength > resultBytes + DOOR.slack) {
    return { breach: 'a message has a wrong size' };
  }
  const records: DoorRecord[] = [];
  let extras = 0;
  try {
    const input = new Reader(data);
    while (!input.done) {
      const record = readRecord(input, resultBytes);
      if (record.kind === 'progress' || record.kind === 'picture') extras++;
      if (extras > DOOR.extras || records.length >= DOOR.records) return { breach: 'a message holds too much' };
      records.push(record);
    }
  } catch (error) {
    return { breach: error instanceof Misfit ? error.message : 'a message cannot be read' };
  }
  return records;
};
