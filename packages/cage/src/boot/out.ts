import type { Encoding } from '@gossamer/protocol';
import { PHASE, RECORD } from '../door/layout.ts';
import { DOOR } from '../door/limits.ts';
import type { Described } from './describe.ts';
import {
  bytesSet,
  NativeArrayBuffer,
  NativeDataView,
  NativeUint8Array,
  setFloat64,
  setUint32,
  typedArrayByteLength,
  utf8,
} from './primordials.ts';

const FIRST_BYTES = 64 * 1024;
/** Up to so many bytes are copied one by one: that is cheaper than a call. */
export const SHORT = 64;

/**
 * The records that wait to be sent. A record counts only when it is complete: the program's stack may run out in the
 * middle of one.
 * @param post sends a copy of a message
 * @param give sends a message and gives it up, so that nothing is copied
 */
export const makeOut = (post: (message: ArrayBuffer) => void, give: (message: ArrayBuffer) => void = post) => {
  let buffer = new NativeArrayBuffer(FIRST_BYTES);
  let bytes = new NativeUint8Array(buffer);
  let view = new NativeDataView(buffer);
  let capacity = FIRST_BYTES;
  let used = 0;
  let extras = 0;

  const renew = (): void => {
    buffer = new NativeArrayBuffer(FIRST_BYTES);
    bytes = new NativeUint8Array(buffer);
    view = new NativeDataView(buffer);
    capacity = FIRST_BYTES;
  };
  const room = (size: number): void => {
    if (used + size <= capacity) return;
    // A large result gets a buffer that is sent as it is.
    const wanted = used === 0 || size > FIRST_BYTES ? used + size : (used + size) * 2;
    const larger = new NativeArrayBuffer(wanted);
    const largerBytes = new NativeUint8Array(larger);
    bytesSet(largerBytes, new NativeUint8Array(buffer, 0, used), 0);
    buffer = larger;
    bytes = largerBytes;
    view = new NativeDataView(larger);
    capacity = wanted;
  };
  /** `block` has `size` bytes, or more where `size` is at most `SHORT`. */
  const put = (at: number, block: Uint8Array, size: number): number => {
    setUint32(view, at, size, true);
    if (size > SHORT) bytesSet(bytes, block, at + 4);
    else for (let i = 0; i < size; i++) bytes[at + 4 + i] = block[i]!;
    return at + 4 + size;
  };
  const texts = (kind: number, first: string, second?: string): void => {
    const a = utf8(first);
    const aSize = typedArrayByteLength(a);
    const b = second === undefined ? undefined : utf8(second);
    const bSize = b === undefined ? 0 : typedArrayByteLength(b);
    room(9 + aSize + bSize);
    bytes[used] = kind;
    let end = put(used + 1, a, aSize);
    if (b !== undefined) end = put(end, b, bSize);
    used = end;
  };

  return {
    /** Bytes that wait. */
    size: (): number => used,
    ready(): void {
      room(1);
      bytes[used] = RECORD.ready;
      used += 1;
    },
    refused: (message: string): void => texts(RECORD.refused, message),
    unloadable: (error: Described): void => texts(RECORD.unloadable, error.message, error.stack),
    log: (text: string): void => texts(RECORD.log, text),
    result(runMs: number, encoding: Encoding, body: Uint8Array, size: number): void {
      room(14 + size);
      bytes[used] = RECORD.result;
      setFloat64(view, used + 1, runMs, true);
      bytes[used + 9] = encoding;
      used = put(used + 10, body, size);
    },
    error(runMs: number, phase: 'run' | 'result', error: Described): void {
      const message = utf8(error.message);
      const stack = utf8(error.stack);
      const messageSize = typedArrayByteLength(message);
      const stackSize = typedArrayByteLength(stack);
      room(18 + messageSize + stackSize);
      bytes[used] = RECORD.error;
      setFloat64(view, used + 1, runMs, true);
      bytes[used + 9] = phase === 'run' ? PHASE.run : PHASE.result;
      used = put(put(used + 10, message, messageSize), stack, stackSize);
    },
    /** False where the message holds as many reports as it may. */
    progress(done: number): boolean {
      if (extras >= DOOR.extras) return false;
      room(9);
      bytes[used] = RECORD.progress;
      setFloat64(view, used + 1, done, true);
      used += 9;
      extras += 1;
      return true;
    },
    picture(width: number, height: number, rgba: Uint8Array): boolean {
      if (extras >= DOOR.extras || used > DOOR.slack / 2) return false;
      const size = width * height * 4;
      room(9 + size);
      bytes[used] = RECORD.picture;
      setUint32(view, used + 1, width, true);
      setUint32(view, used + 5, height, true);
      bytesSet(bytes, rgba, used + 9);
      used += 9 + size;
      extras += 1;
      return true;
    },
    data(position: number, from: number, to: number): void {
      room(18);
      bytes[used] = RECORD.data;
      bytes[used + 1] = position;
      setFloat64(view, used + 2, from, true);
      setFloat64(view, used + 10, to, true);
      used += 18;
    },
    flush(): void {
      if (used === 0) return;
      const whole = used === capacity;
      if (whole) {
        give(buffer);
      } else {
        const message = new NativeArrayBuffer(used);
        bytesSet(new NativeUint8Array(message), new NativeUint8Array(buffer, 0, used), 0);
        post(message);
      }
      // Only now: where the program's stack ran out on the way, the records wait for the next flush.
      used = 0;
      extras = 0;
      if (whole || capacity > FIRST_BYTES * 4) renew();
    },
  };
};

export type Out = ReturnType<typeof makeOut>;
