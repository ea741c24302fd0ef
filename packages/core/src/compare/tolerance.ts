import { type Comparison, ENCODING, type Payload } from '@gossamer/protocol';
import { type Bounds, isNear } from './near.ts';
import { parseJson } from './parse-json.ts';
import { sameBytes } from './same-bytes.ts';
import { sameJson } from './same-json.ts';

/** How two results are compared by their numbers (`Comparison` of the protocol). */
export type Tolerance = Omit<Extract<Comparison, { kind: 'tolerance' }>, 'kind'>;

/**
 * Whether two results hold the same numbers but for the tolerance, all else being equal. What cannot be read as the
 * tolerance says (JSON that is none or is nested too deeply, floats of a broken or another length, the other encoding)
 * is equal only to the same bytes. Symmetric and reflexive, but not transitive.
 */
export const withinTolerance = (a: Payload, b: Payload, tolerance: Tolerance): boolean => {
  if (a.encoding !== b.encoding) return false;
  if (sameBytes(a.body, b.body)) return true;
  switch (tolerance.read) {
    case 'json': {
      if (a.encoding !== ENCODING.json) return false;
      const [left, right] = [parseJson(a.body), parseJson(b.body)];
      return left !== null && right !== null && sameJson(left.value, right.value, tolerance);
    }
    case 'float32':
    case 'float64':
      return (
        (a.encoding === ENCODING.bytes || a.encoding === ENCODING[tolerance.read]) &&
        sameFloats(a.body, b.body, tolerance)
      );
  }
};

/** Of little-endian floats, number by number. */
const sameFloats = (a: Uint8Array, b: Uint8Array, tolerance: Bounds & Pick<Tolerance, 'read'>): boolean => {
  const size = tolerance.read === 'float32' ? 4 : 8;
  if (a.byteLength !== b.byteLength || a.byteLength % size !== 0) return false;
  const [left, right] = [viewOf(a), viewOf(b)];
  const read = (view: DataView, at: number): number =>
    size === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true);
  for (let at = 0; at < a.byteLength; at += size) {
    if (!isNear(read(left, at), read(right, at), tolerance)) return false;
  }
  return true;
};

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
