import type { FastifyInstance } from 'fastify';

/**
 * Bounds how long `close()` waits for connections: one on which nothing was ever asked (browsers open such ones ahead)
 * counts as busy for Node, and would hold the coordinator for a minute.
 */
export const closeConnectionsAfter = (app: FastifyInstance, graceMs: number): void => {
  app.addHook('preClose', async () => {
    const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
    app.server.once('close', () => clearTimeout(timer));
    timer.unref();
  });
};
