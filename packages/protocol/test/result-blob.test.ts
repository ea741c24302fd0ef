import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  contentEncoding,
  decodeRequest,
  decodeResultBlob,
  encodeRequest,
  encodeResultBlob,
  ENCODING,
  FrameError,
  inBlob,
  isBlobOutcome,
  isInBlob,
  isResultEncoding,
  joinReceipt,
  LIMITS,
  OUTCOME,
  REPORTED_BLOB_BYTES,
  resultEncoding,
  resultOutcome,
  type Sha256,
  splitReceipt,
} from '../src/index.ts';
import { bytes, mutated } from './arbitraries.ts';

const blob = fc.record({
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/).map((name) => name as Sha256),
  size: fc.integer({ min: LIMITS.result + 1, max: LIMITS.largeResult }),
});
const receipt = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((random) => new Uint8Array(random));

const requestWith = (outcome: number, body: Uint8Array): Uint8Array => {
  const attempts = [{ offset: 0, outcome: outcome as never, runMs: 0, body }];
  const reports = [{ lease: { epoch: 1, number: 1 }, ticket: new Uint8Array(0), attempts }];
  return encodeRequest({ seq: 1, slots: 0, fresh: false, held: [], reports });
};

describe('the record of a large result', () => {
  it('LB1: is read as it was written, with its receipt, and its encoding is that of its bytes', () => {
    fc.assert(
      fc.property(blob, receipt, fc.constantFrom(...Object.values(ENCODING)), (written, proof, encoding) => {
        const body = joinReceipt(encodeResultBlob(written), proof);
        const outcome = resultOutcome(inBlob(encoding));
        const read = decodeRequest(requestWith(outcome, body)).reports[0]!.attempts[0]!;
        expect(isBlobOutcome(read.outcome)).toBe(true);
        const told = resultEncoding(read.outcome)!;
        expect([isInBlob(told), contentEncoding(told)]).toEqual([true, encoding]);
        const { name, receipt: shown } = splitReceipt(read.body);
        expect(decodeResultBlob(name)).toEqual(written);
        expect(new Uint8Array(shown)).toEqual(proof);
      }),
    );
  });

  it('LB1: random and mutated ones are read or refused by a FrameError', () => {
    const frames = fc.oneof(bytes(60), mutated(blob.map(encodeResultBlob)));
    fc.assert(
      fc.property(frames, (frame) => {
        try {
          const { size } = decodeResultBlob(frame);
          expect(size > LIMITS.result && size <= LIMITS.largeResult && frame.byteLength === 36).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(FrameError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('LB1: a body of another length names no blob, and what an exchange carries is none', () => {
    const outcome = resultOutcome(inBlob(ENCODING.bytes));
    for (const size of [0, REPORTED_BLOB_BYTES - 1, REPORTED_BLOB_BYTES + 1, LIMITS.result]) {
      expect(() => decodeRequest(requestWith(outcome, new Uint8Array(size)))).toThrow(/names a blob by 52 bytes/);
    }
    const named = (size: number) => encodeResultBlob({ sha256: 'a'.repeat(64) as Sha256, size });
    expect(() => decodeResultBlob(named(LIMITS.result))).toThrow(FrameError);
    expect(() => decodeResultBlob(named(LIMITS.largeResult + 1))).toThrow(FrameError);
    for (const code of [63, 76, 255]) {
      expect(isResultEncoding(code)).toBe(false);
      expect(() => decodeRequest(requestWith(code, new Uint8Array(REPORTED_BLOB_BYTES)))).toThrow(/is none/);
    }
    for (const other of Object.values(OUTCOME)) expect(isBlobOutcome(other)).toBe(false);
    for (const encoding of Object.values(ENCODING)) expect(isBlobOutcome(resultOutcome(encoding))).toBe(false);
  });
});
