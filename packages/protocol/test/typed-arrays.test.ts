import { expect, it } from 'vitest';
import {
  ELEMENT_BYTES,
  ELEMENT_TYPES,
  elementTypeOf,
  elementTypeOfArray,
  ENCODING,
  encodeRequest,
  decodeRequest,
  FrameError,
  isEncoding,
  OUTCOME,
  type Outcome,
  resultEncoding,
  resultOutcome,
  typedArrayOf,
} from '../src/index.ts';

it('TA1: each encoding has an outcome of its own, and what is no result has no encoding', () => {
  const encodings = Object.values(ENCODING);
  expect(new Set(encodings.map(resultOutcome)).size).toBe(encodings.length);
  for (const encoding of encodings) expect(resultEncoding(resultOutcome(encoding))).toBe(encoding);
  for (const outcome of [OUTCOME.errored, OUTCOME.overran, OUTCOME.released]) {
    expect(resultEncoding(outcome)).toBeNull();
  }
  expect([-1, 0.5, 12, 255].map(isEncoding)).toEqual([false, false, false, false]);
});

it('TA1: an outcome of an encoding that is none is refused', () => {
  const request = (outcome: number) =>
    encodeRequest({
      seq: 1,
      slots: 0,
      fresh: false,
      held: [],
      reports: [
        {
          lease: { epoch: 1, number: 1 },
          ticket: new Uint8Array(0),
          attempts: [{ offset: 0, outcome: outcome as Outcome, runMs: 1, body: new Uint8Array(8) }],
        },
      ],
    });
  const last = resultOutcome(ENCODING.bigUint64);
  expect(decodeRequest(request(last)).reports[0]!.attempts[0]!.outcome).toBe(last);
  for (const none of [0, 6, 16, 17, last + 1, 255]) expect(() => decodeRequest(request(none))).toThrow(FrameError);
});

it('TA1: the elements of each type are those of its typed array, and bytes that are not whole are refused', () => {
  for (const type of ELEMENT_TYPES) {
    const bytes = new Uint8Array(17).map((_, at) => at + 1).subarray(1);
    const array = typedArrayOf(type, bytes);
    expect([array.BYTES_PER_ELEMENT, elementTypeOfArray(array)]).toEqual([ELEMENT_BYTES[type], type]);
    expect(new Uint8Array(array.buffer)).toEqual(new Uint8Array(bytes));
    expect(elementTypeOf(ENCODING[type])).toBe(type);
    if (ELEMENT_BYTES[type] > 1) expect(() => typedArrayOf(type, bytes.subarray(1))).toThrow(RangeError);
  }
  for (const other of [new Uint8Array(1), new ArrayBuffer(1), new DataView(new ArrayBuffer(1)), [1], null]) {
    expect(elementTypeOfArray(other)).toBeNull();
  }
  expect([elementTypeOf(ENCODING.json), elementTypeOf(ENCODING.bytes)]).toEqual([null, null]);
});
