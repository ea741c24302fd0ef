import { parseJson } from '@gossamer/core';
import type { ElementType, Encoding } from '@gossamer/protocol';
import { ELEMENT_BYTES, ENCODING, elementTypeOf, lenientText } from '@gossamer/protocol';
import type { LogStore, ResultRow, Segment } from '@gossamer/store';
import { offsetOf } from '@gossamer/store';
import type { z } from 'zod';

/** A unit that failed: the bytes are its reason. */
export const FAILED = -1;

/** Rows in runs of their order that lie in at most so many segments. */
export function* bySegments<Row extends ResultRow>(
  rows: readonly Row[],
  most: number,
): Generator<{ rows: Row[]; seqs: number[] }> {
  let run: Row[] = [];
  let seqs = new Set<number>();
  for (const row of rows) {
    if (!seqs.has(row.seq) && seqs.size === most) {
      yield { rows: run, seqs: [...seqs] };
      run = [];
      seqs = new Set();
    }
    run.push(row);
    seqs.add(row.seq);
  }
  if (run.length > 0) yield { rows: run, seqs: [...seqs] };
}

/** By a fact's number: the segment that holds it now, be it the one that was written or one that it was joined to. */
export const segmentsOf = async (
  log: LogStore,
  job: number,
  seqs: readonly number[],
): Promise<Map<number, Segment>> => {
  const segments = new Map<number, Segment>();
  await Promise.all(
    [...new Set(seqs)].map(async (seq) => {
      for await (const segment of log.read(job, seq - 1, 1)) {
        segments.set(seq, segment);
        break;
      }
    }),
  );
  return segments;
};

/** The bytes at a row's place. */
export const bodyOf = (row: ResultRow, segments: ReadonlyMap<number, Segment>): Uint8Array => {
  const segment = segments.get(row.seq)!;
  const offset = offsetOf(segment, row.seq) + row.offset;
  return segment.body.subarray(offset, offset + row.length);
};

/** What a row says, in one of these; `bytes` are base64, with the `type` of their elements where they are a typed array. */
export interface Content {
  output?: z.infer<ReturnType<typeof z.json>>;
  bytes?: string;
  type?: ElementType;
  error?: string;
}

/** The type of a typed array's elements; null where they are none, or not whole. */
const typeOf = ({ encoding }: ResultRow, body: Uint8Array): ElementType | null => {
  const type = elementTypeOf(encoding as Encoding);
  return type !== null && body.byteLength % ELEMENT_BYTES[type] === 0 ? type : null;
};

/**
 * A stranger's bytes may call themselves JSON and be none, or none that can be written again, or a typed array and be none:
 * then they are given as bytes.
 */
export const contentOf = (row: ResultRow, body: Uint8Array): Content => {
  if (row.encoding === FAILED) return { error: lenientText(body) };
  const json = row.encoding === ENCODING.json ? parseJson(body) : null;
  if (json !== null) return { output: json.value as NonNullable<Content['output']> };
  const bytes = Buffer.from(body).toString('base64');
  const type = typeOf(row, body);
  return type === null ? { bytes } : { bytes, type };
};

export const mediaTypeOf = (row: ResultRow, body: Uint8Array): string => {
  if (row.encoding === ENCODING.json) return 'application/json';
  const type = typeOf(row, body);
  return type === null ? 'application/octet-stream' : `application/octet-stream; type=${type}`;
};
