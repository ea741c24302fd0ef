import type { FastifyInstance } from 'fastify';

/** Ends the connection of a request whose body has not come after `bodyMs`, but on routes that have a pace of their own. */
export const boundBodies = (v1: FastifyInstance, bodyMs: number): void => {
  v1.addHook('preParsing', async (request, reply, payload) => {
    if (request.routeOptions.config.ownPace === true) return payload;
    const late = setTimeout(() => {
      if (!request.raw.complete) request.raw.destroy();
    }, bodyMs);
    reply.raw.once('close', () => clearTimeout(late));
    return payload;
  });
};
