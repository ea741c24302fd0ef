import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from '../http/conditional.ts';
import type { Streams } from '../http/streams.ts';

export const ZIP = 'application/zip';

interface SentArchive {
  /** Without `.zip`. */
  name: string;
  /** What it follows from, where that is at rest; null: it may be another one a moment later. */
  version: string | null;
  content: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

/**
 * Sends an archive, which is made as it is read: there are no ranges of it. What it holds follows from its version, and its bytes do
 * not (they have the time at which it was made), so that the tag is a weak one.
 */
export const sendArchive = async (
  request: FastifyRequest,
  reply: FastifyReply,
  streams: Streams,
  { name, version, content }: SentArchive,
): Promise<FastifyReply> => {
  reply.header('accept-ranges', 'none');
  if (version !== null) {
    const etag = `"${version}"`;
    reply.headers({ etag: `W/${etag}`, 'cache-control': 'private, no-cache' });
    if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
  }
  reply.type(ZIP).header('content-disposition', `attachment; filename="${name}.zip"`);
  return streams.send(request, reply, content);
};
