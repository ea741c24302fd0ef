import type { AppendOptions, Segment } from '../../log-store.ts';
import { isMovable, movableBuffers } from '../../movable-buffers.ts';

/** Segments in a form that crosses between threads as few objects: small bodies share one buffer, large ones move. */
export interface PackedSegments {
  /** Six numbers a segment: shard, epoch, seq, n, then where its body is: (offset, length) in `chunk`, or (-1, place) in `large`. */
  heads: Float64Array<ArrayBuffer>;
  chunk: Uint8Array<ArrayBuffer>;
  large: Uint8Array[];
  /** By place: the parts of those that were joined. */
  parts: Map<number, Uint32Array<ArrayBuffer>>;
}

const HEAD = 6;

/** Packs segments; `transfer` lists the buffers to move. Bodies are copied, unless they may be taken and are large. */
export const packSegments = (
  segments: readonly Segment[],
  { transfer: mayTake = false }: AppendOptions,
): { packed: PackedSegments; transfer: ArrayBuffer[] } => {
  const isLarge = (body: Uint8Array) => mayTake && isMovable(body);
  const heads = new Float64Array(segments.length * HEAD);
  const chunk = new Uint8Array(segments.reduce((sum, { body }) => (isLarge(body) ? sum : sum + body.byteLength), 0));
  const large: Uint8Array[] = [];
  const parts: PackedSegments['parts'] = new Map();
  let filled = 0;
  segments.forEach(({ shard, epoch, seq, n, body, parts: own }, place) => {
    if (own !== undefined) parts.set(place, own);
    if (isLarge(body)) {
      heads.set([shard, epoch, seq, n, -1, large.push(body) - 1], place * HEAD);
      return;
    }
    heads.set([shard, epoch, seq, n, filled, body.byteLength], place * HEAD);
    chunk.set(body, filled);
    filled += body.byteLength;
  });
  return { packed: { heads, chunk, large, parts }, transfer: [heads.buffer, chunk.buffer, ...movableBuffers(large)] };
};

/** The segments again; small bodies are views of one buffer. */
export const unpackSegments = ({ heads, chunk, large, parts }: PackedSegments): Segment[] =>
  Array.from({ length: heads.length / HEAD }, (_, place) => {
    const [shard, epoch, seq, n, offset, length] = heads.subarray(place * HEAD, (place + 1) * HEAD) as never as Head;
    const body = offset < 0 ? large[length]! : chunk.subarray(offset, offset + length);
    const own = parts.get(place);
    return own === undefined ? { shard, epoch, seq, n, body } : { shard, epoch, seq, n, body, parts: own };
  });

type Head = [number, number, number, number, number, number];
