import type { FastifyRequest } from 'fastify';

/** What a request sends as `Authorization: Bearer …`; null when it sends nothing of that kind. */
export const bearerOf = ({ headers }: Pick<FastifyRequest, 'headers'>): string | null =>
  /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
