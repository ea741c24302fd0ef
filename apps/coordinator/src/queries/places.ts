import { parseJson } from '@gossamer/core';
import type { ElementType, Encoding, ResultBlob, ResultBlobView, ResultEncoding } from '@gossamer/protocol';
import {
  contentEncoding,
  decodeResultBlob,
  ELEMENT_BYTES,
  ENCODING,
  elementTypeOf,
  isInBlob,
  lenientText,
} from '@gossamer/protocol';
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
  /** In place of both: where it lies, as it is large. */
  blob?: ResultBlobView;
  type?: ElementType;
  error?: string;
}

/** The type of a typed array's elements; null where they are none, or not whole. */
const typeOf = (encoding: Encoding, bytes: number): ElementType | null => {
  const type = elementTypeOf(encoding);
  return type !== null && bytes % ELEMENT_BYTES[type] === 0 ? type : null;
};

/** Where a large result lies; null for one that is here. */
export const blobOf = (row: ResultRow, body: Uint8Array): ResultBlob | null =>
  isInBlob(row.encoding) ? decodeResultBlob(body) : null;

/** What a large result is, is what its device says: nobody here reads it. */
const largeContent = (row: ResultRow, { sha256, size }: ResultBlob): Content => {
  const encoding = contentEncoding(row.encoding as ResultEncoding);
  const type = typeOf(encoding, size);
  const blob = { sha256, bytes: size, encoding: encoding === ENCODING.json ? 'json' : 'bytes' } as const;
  return type === null ? { blob } : { blob, type };
};

/**
 * A stranger's bytes may call themselves JSON and be none, or none that can be written again, or a typed array and be none:
 * then they are given as bytes.
 */
export const contentOf = (row: ResultRow, body: Uint8Array): Content => {
  if (row.encoding === FAILED) return { error: lenientText(body) };
  const blob = blobOf(row, body);
  if (blob !== null) return largeContent(row, blob);
  const json = row.encoding === ENCODING.json ? parseJson(body) : null;
  if (json !== null) return { output: json.value as NonNullable<Content['output']> };
  const bytes = Buffer.from(body).toString('base64');
  const type = typeOf(row.encoding as Encoding, body.byteLength);
  return type === null ? { bytes } : { bytes, type };
};

/** The media type of a result of `bytes` bytes. */
export const mediaTypeOf = (row: ResultRow, bytes: number): string => {
  const encoding = contentEncoding(row.encoding as ResultEncoding);
  if (encoding === ENCODING.json) return 'application/json';
  const type = typeOf(encoding, bytes);
  return type === null ? 'application/octet-stream' : `application/octet-stream; type=${type}`;
};
