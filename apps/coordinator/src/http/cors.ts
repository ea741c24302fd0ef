import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';

const EXPOSED =
  'ETag, Location, Content-Range, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, ' +
  'Quota-Limit, Quota-Remaining, Idempotency-Replayed, ' +
  'Tus-Resumable, Tus-Version, Upload-Offset, Upload-Length';
const ALLOWED =
  'Authorization, Content-Type, Accept, If-None-Match, Last-Event-ID, ' +
  'Idempotency-Key, Tus-Resumable, Upload-Length, Upload-Metadata, Upload-Offset';

/**
 * Lets pages of other origins use the routes that take a key: `*` without credentials is safe, since a key is sent
 * on purpose only and the sign-in's cookie is never shared by `*`. Routes say `cors: false` where it must not be so:
 * signing in, and reading blobs.
 */
export const addCors = (v1: FastifyInstance): void => {
  v1.addHook('onRequest', async (request, reply) => {
    if (request.routeOptions.config.cors === false) return;
    reply.headers({ 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED });
  });
  v1.route({
    method: 'OPTIONS',
    url: '/*',
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => {
      if (request.headers['access-control-request-method'] === undefined) {
        throw new ProblemError('route-unknown', 'OPTIONS is for preflight requests of browsers');
      }
      return reply
        .code(204)
        .headers({
          'access-control-allow-methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
          'access-control-allow-headers': ALLOWED,
          'access-control-max-age': '600',
        })
        .send();
    },
  });
};
