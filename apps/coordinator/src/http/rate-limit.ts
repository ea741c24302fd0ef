import rateLimit from '@fastify/rate-limit';
import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { machineOf } from '../runtime/address.ts';

/**
 * At most `perMinute` requests a minute and machine to the routes of a scope, told in RateLimit-* headers. Under /v1 blobs
 * are counted apart and more generously (each work unit may fetch one), signing in apart and tightly: see
 * `config.rateLimit` of those routes. It reaches the routes that come after it.
 */
export const limitRate = async (scope: FastifyInstance, perMinute: number): Promise<void> => {
  // Whom requests are counted by is kept in memory: not as an address, but as a hash under a key of this start alone.
  const key = randomBytes(32);
  await scope.register(rateLimit, {
    keyGenerator: ({ ip }) => machineOf(key, ip),
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { after }) => new ProblemError('rate-limited', `try again in ${after}`),
  });
};
