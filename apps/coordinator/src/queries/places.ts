import { parseJson } from '@gossamer/core';
import { lenientText } from '@gossamer/protocol';
import type { LogStore, ResultRow, Segment } from '@gossamer/store';
import { offsetOf } from '@gossamer/store';
import type { z } from 'zod';

export const JSON_ENCODING = 0;
/** A unit that failed: the bytes are its reason. */
export const FAILED = -1;

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

/** What a row says, in one of these; `bytes` are base64. */
export interface Content {
  output?: z.infer<ReturnType<typeof z.json>>;
  bytes?: string;
  error?: string;
}

/** A stranger's bytes may call themselves JSON and be none, or none that can be written again: then they are given as bytes. */
export const contentOf = ({ encoding }: ResultRow, body: Uint8Array): Content => {
  if (encoding === FAILED) return { error: lenientText(body) };
  const json = encoding === JSON_ENCODING ? parseJson(body) : null;
  if (json !== null) return { output: json.value as NonNullable<Content['output']> };
  return { bytes: Buffer.from(body).toString('base64') };
};
