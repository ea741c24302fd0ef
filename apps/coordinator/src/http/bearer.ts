import type { FastifyRequest } from 'fastify';

/** What a request shows as `Authorization: Bearer …`; null where it shows none. */
export const bearerOf = (request: FastifyRequest): string | null =>
  /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
