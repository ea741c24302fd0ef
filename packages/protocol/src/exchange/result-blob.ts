import { FrameError, FrameReader, FrameWriter } from './cursor.ts';
import { type Encoding, isEncoding } from './payload.ts';
import type { Sha256 } from '../ids.ts';
import { LIMITS } from '../limits.ts';

/** The large result that an attempt returned: its bytes came by HTTP, and lie in a blob. */
export interface ResultBlob {
  sha256: Sha256;
  /** Bytes. */
  size: number;
}

/** Added to the encoding of a result whose body is the name of a blob instead of the result itself. */
const IN_BLOB = 64;
const NAME_BYTES = 36;
const RECEIPT_BYTES = 16;

/** How a result is encoded, and whether it lies in a blob: then its body is what `encodeResultBlob` makes. */
export type ResultEncoding = Encoding | (number & { readonly inBlob: true });

/** The encoding of a result that lies in a blob. */
export const inBlob = (encoding: Encoding): ResultEncoding => (encoding + IN_BLOB) as ResultEncoding;

export const isInBlob = (encoding: number): boolean => encoding >= IN_BLOB && isEncoding(encoding - IN_BLOB);

/** The encoding of the result's own bytes, wherever they lie. */
export const contentEncoding = (encoding: ResultEncoding): Encoding =>
  (encoding >= IN_BLOB ? encoding - IN_BLOB : encoding) as Encoding;

export const isResultEncoding = (value: number): value is ResultEncoding => isEncoding(value) || isInBlob(value);

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

const rawOf = (sha256: Sha256): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(sha256.slice(2 * at, 2 * at + 2), 16));

/** SHA-256 as 32 bytes, then the size as u32: two results are the same where these are. */
export const encodeResultBlob = ({ sha256, size }: ResultBlob): Uint8Array<ArrayBuffer> =>
  new FrameWriter(NAME_BYTES).raw(rawOf(sha256)).u32(size).finish();

/** Reads what `encodeResultBlob` made. Throws FrameError: also where a result of this size travels in the exchange. */
export const decodeResultBlob = (body: Uint8Array): ResultBlob => {
  const input = new FrameReader(body);
  const sha256 = hex(input.raw(32, 'blob.sha256')) as Sha256;
  const size = input.u32('blob.size');
  input.end();
  if (size <= LIMITS.result || size > LIMITS.largeResult) throw new FrameError(`blob.size: ${size} is none of a blob`);
  return { sha256, size };
};

/** What a tab reports of a large result: its name, and the coordinator's receipt for its bytes. */
export const joinReceipt = (name: Uint8Array, receipt: Uint8Array): Uint8Array<ArrayBuffer> =>
  new FrameWriter(NAME_BYTES + RECEIPT_BYTES).raw(name).raw(receipt.subarray(0, RECEIPT_BYTES)).finish();

/** The bytes of such a report's body. */
export const REPORTED_BLOB_BYTES = NAME_BYTES + RECEIPT_BYTES;

/** Takes apart what `joinReceipt` made: views of `body`. */
export const splitReceipt = (body: Uint8Array): { name: Uint8Array; receipt: Uint8Array } => ({
  name: body.subarray(0, NAME_BYTES),
  receipt: body.subarray(NAME_BYTES),
});
