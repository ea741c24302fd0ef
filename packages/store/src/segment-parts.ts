import type { Segment } from './log-store.ts';

/** A segment's parts, as `Segment.parts` tells them; a segment that was never joined is its own only part. */
export const partsOf = ({ n, body, parts }: Segment): Uint32Array<ArrayBuffer> =>
  parts ?? Uint32Array.of(n, body.byteLength);

/**
 * Where in a segment's body the bytes begin that were written as the segment `seq`. Throws RangeError when none of its
 * parts is that one.
 */
export const offsetOf = (segment: Segment, seq: number): number => {
  const parts = partsOf(segment);
  let fact = segment.seq;
  let offset = 0;
  for (let at = 0; at < parts.length; at += 2) {
    if (fact === seq) return offset;
    fact += parts[at]!;
    offset += parts[at + 1]!;
  }
  throw new RangeError(`the segment at fact ${segment.seq} has no part that starts at ${seq}`);
};

/** A segment without the parts before `seq`. Throws RangeError when it begins before, and none of its parts starts there. */
export const from = (segment: Segment, seq: number): Segment => {
  if (segment.seq >= seq) return segment;
  const offset = offsetOf(segment, seq);
  const parts = partsOf(segment);
  let at = 0;
  for (let fact = segment.seq; fact < seq; at += 2) fact += parts[at]!;
  const n = segment.seq + segment.n - seq;
  return { ...segment, seq, n, body: segment.body.subarray(offset), parts: parts.slice(at) };
};

/** Neighbours as one segment, under the epoch of the last. */
export const joined = (segments: readonly Segment[]): Segment => {
  const all = segments.map(partsOf);
  const parts = new Uint32Array(all.reduce((sum, { length }) => sum + length, 0));
  const body = new Uint8Array(segments.reduce((sum, segment) => sum + segment.body.byteLength, 0));
  let [part, filled] = [0, 0];
  segments.forEach((segment, place) => {
    parts.set(all[place]!, part);
    part += all[place]!.length;
    body.set(segment.body, filled);
    filled += segment.body.byteLength;
  });
  const n = segments.reduce((sum, segment) => sum + segment.n, 0);
  const { shard, seq } = segments[0]!;
  return { shard, epoch: segments.at(-1)!.epoch, seq, n, body, parts };
};
