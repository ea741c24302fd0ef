import { ProblemError, ResultReceipt } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { bearerOf } from '../http/bearer.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { BlobParams } from './params.ts';
import { declaredLength, uploadChunks } from './upload.ts';

const OCTETS = 'application/octet-stream';
/** Each work unit may send a result, and a school's tabs share one address. */
const SENT_PER_REQUEST = 20;

/** Large results of tabs: no key, but the permit that the session of the attempt has got for it. */
export const largeResultRoutes = (scope: FastifyInstance, { grid, config, limits }: ApiContext): void => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(OCTETS, (_request, body, done) => done(null, body));
  const api: Api = scope.withTypeProvider<ZodTypeProvider>();

  api.put(
    '/results/:sha256',
    {
      bodyLimit: limits.blobBytes,
      config: {
        access: 'public',
        cors: false,
        ownPace: true,
        rateLimit: { max: config.rateLimit * SENT_PER_REQUEST },
      },
      schema: describe({
        tag: 'results',
        access: 'public',
        summary: 'Send the large result of an attempt (for tabs)',
        description:
          `Bytes as ${OCTETS}, with \`Authorization: Bearer PERMIT\`: the permit that the tab's session got for its offer, good ` +
          'for one attempt that it holds. Answered when they are on disk, with the receipt that the report of the attempt shows.',
        consumes: [OCTETS],
        params: BlobParams,
        ok: { 200: ResultReceipt },
        problems: ['upload-unknown', 'attempt-unknown', 'blob-mismatch', ...CHANGE],
      }),
    },
    async (request) => {
      if (request.body === undefined) throw new ProblemError('media-type-unsupported', `send bytes as ${OCTETS}`);
      const permit = bearerOf(request) ?? '';
      return grid.largeResults.receive({
        permit,
        sha256: request.params.sha256,
        content: uploadChunks(request.raw, limits),
        declared: declaredLength(request.headers['content-length']),
        cut: () => void request.raw.destroy(),
      });
    },
  );
};
