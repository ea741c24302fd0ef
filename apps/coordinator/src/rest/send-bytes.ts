import { ProblemError } from '@gossamer/protocol';
import type { ByteRange } from '@gossamer/store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from '../http/byte-range.ts';
import { matchesEtag } from '../http/conditional.ts';
import type { Streams } from '../http/streams.ts';

/** Bytes that are named by their SHA-256, wherever they lie. */
export interface NamedBytes {
  sha256: string;
  size: number;
  mediaType: string;
  /** How caches may keep them. */
  cacheControl: string;
  /** null when they are gone meanwhile. */
  read: (range: ByteRange) => Promise<AsyncIterable<Uint8Array> | null>;
}

/** The part that a Range header asks for, unless If-Range names another content. */
const rangeOf = (request: FastifyRequest, etag: string, size: number) => {
  const condition = request.headers['if-range'];
  return parseRange(condition === undefined || condition === etag ? request.headers.range : undefined, size);
};

/** Sends bytes, or a part of them; HEAD gets the headers alone. Throws ProblemError `range-unsatisfiable`, `blob-unknown`. */
export const sendBytes = async (
  request: FastifyRequest,
  reply: FastifyReply,
  streams: Streams,
  { sha256, size, mediaType, cacheControl, read }: NamedBytes,
): Promise<FastifyReply> => {
  const etag = `"${sha256}"`;
  const range = rangeOf(request, etag, size);
  if (range.kind === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`);
    throw new ProblemError('range-unsatisfiable', `there are ${size} bytes`);
  }
  reply.headers({ etag, 'cache-control': cacheControl, 'accept-ranges': 'bytes' });
  if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const { start, end } = range.kind === 'whole' ? { start: 0, end: size } : range;
  if (range.kind === 'part') reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${size}`);
  reply.type(mediaType).header('content-length', end - start);
  const content = request.method === 'HEAD' ? [] : await read({ start, end });
  if (content === null) throw new ProblemError('blob-unknown');
  return streams.send(request, reply, () => content as AsyncIterable<Uint8Array>);
};
