import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * What every answer carries unless a route says otherwise: nothing of the API may be framed, sniffed, run as a page
 * or embedded by another site. The pages and the API's documentation bring their own policy.
 */
export const BASE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
};

export const addBaseHeaders = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.headers({ 'x-request-id': request.id, ...BASE_HEADERS });
};
