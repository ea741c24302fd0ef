import { BlobView, ProblemError, type Sha256 } from '@gossamer/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { BlobParams } from './params.ts';
import { sendBytes } from './send-bytes.ts';
import { declaredLength, uploadChunks } from './upload.ts';

const OCTETS = 'application/octet-stream';
/** Each work unit may fetch a slice, and a school's tabs share one address. */
const READS_PER_REQUEST = 20;

/** Reads one blob, or a part of it; HEAD gets the headers alone. */
const sendBlob = async (
  request: FastifyRequest,
  reply: FastifyReply,
  { grid, streams }: ApiContext,
  hash: Sha256,
): Promise<FastifyReply> => {
  const stat = await grid.blobs.stat(hash);
  if (stat === null) throw new ProblemError('blob-unknown');
  reply.header('content-disposition', 'attachment');
  return sendBytes(request, reply, streams, {
    sha256: hash,
    size: stat.size,
    mediaType: OCTETS,
    cacheControl: 'public, max-age=31536000, immutable',
    read: (range) => grid.blobs.get(hash, range),
  });
};

const BYTES = { [OCTETS]: { schema: z.string().describe('The bytes') } };

/** Blobs: uploaded with a key, read by whoever knows the name. */
export const blobRoutes = (scope: FastifyInstance, context: ApiContext): void => {
  const { grid, config, limits } = context;
  const tag = 'blobs';
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(OCTETS, (_request, body, done) => done(null, body));
  const api: Api = scope.withTypeProvider<ZodTypeProvider>();

  api.put(
    '/blobs/:sha256',
    {
      bodyLimit: limits.blobBytes,
      config: { access: 'key', ownPace: true },
      schema: describe({
        tag,
        access: 'key',
        summary: 'Upload a blob',
        description: `Bytes as ${OCTETS}; 201 when they are new, 200 when they were there.`,
        consumes: [OCTETS],
        params: BlobParams,
        ok: { 200: BlobView, 201: BlobView },
        problems: ['blob-mismatch', 'quota-exceeded', ...CHANGE],
      }),
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      if (request.body === undefined) throw new ProblemError('media-type-unsupported', `send bytes as ${OCTETS}`);
      const chunks = uploadChunks(request.raw, limits);
      const declared = declaredLength(request.headers['content-length']);
      const upload = { content: chunks, declared, limit: limits.blobBytes };
      const { size, created } = await grid.upkeep.upload(callerOf(request), sha256, upload);
      return reply.code(created ? 201 : 200).send({ sha256, size });
    },
  );

  const reading = {
    config: { access: 'public', cors: false, rateLimit: { max: config.rateLimit * READS_PER_REQUEST } },
    schema: describe({
      tag,
      access: 'public',
      summary: 'Read a blob, or a range of it',
      description: 'Immutable. Not readable by pages of other origins.',
      params: BlobParams,
      ok: {
        200: { description: 'The whole blob', content: BYTES },
        206: { description: 'The part that Range asks for', content: BYTES },
        304: z.undefined().describe('It is what If-None-Match names'),
      },
      problems: ['blob-unknown', 'range-unsatisfiable'],
    }),
  } as const;
  api.route({
    ...reading,
    method: ['GET', 'HEAD'],
    url: '/blobs/:sha256',
    handler: async (request, reply) => sendBlob(request, reply, context, request.params.sha256),
  });
};
