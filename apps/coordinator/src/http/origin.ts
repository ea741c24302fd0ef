import { ProblemError } from '@gossamer/protocol';
import type { FastifyRequest } from 'fastify';

/** True when the request's Origin is the one that it was sent to, or the public one (behind a proxy that ends TLS). */
const isOwnOrigin = (request: FastifyRequest, publicUrl: string | null): boolean => {
  const origin = request.headers.origin;
  if (origin === `${request.protocol}://${request.host}`) return true;
  return publicUrl !== null && origin === new URL(publicUrl).origin;
};

/** Throws `origin-forbidden` unless a page of ours sent the request; one without Origin is refused as well. */
export const requireOwnOrigin = (request: FastifyRequest, publicUrl: string | null): void => {
  if (!isOwnOrigin(request, publicUrl)) throw new ProblemError('origin-forbidden');
};
