import rateLimit from '@fastify/rate-limit';
import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import { createHmac, randomBytes } from 'node:crypto';
import { callerOf } from '../runtime/address.ts';

/**
 * At most `perMinute` requests a minute and caller (`callerOf` its address) under /v1, told in RateLimit-* headers. Blobs are counted apart and
 * more generously (each work unit may fetch one), signing in apart and tightly: see `config.rateLimit` of those routes.
 */
export const limitRate = (v1: FastifyInstance, perMinute: number): void => {
  // Whom requests are counted by is kept in memory: not as an address, but as a hash under a key of this start alone.
  const key = randomBytes(32);
  void v1.register(rateLimit, {
    keyGenerator: ({ ip }) => createHmac('sha256', key).update(callerOf(ip)).digest('base64url'),
    max: perMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { after }) => new ProblemError('rate-limited', `try again in ${after}`),
  });
};
