import cookie from '@fastify/cookie';
import { LIMITS } from '@gossamer/protocol';
import { fastify, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { randomBytes, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { mountApi } from '../rest/mount-api.ts';
import { answerBadClient } from './bad-client.ts';
import { addBaseHeaders } from './base-headers.ts';
import { closeConnectionsAfter } from './closing.ts';
import { serveErrorPages } from './error-pages.ts';
import { answerBadPaths, guardHosts } from './guard-hosts.ts';
import { serveHealth } from './health.ts';
import { measureRequests, serveMetrics } from './metrics.ts';
import { documentApi } from './openapi.ts';
import { HTTP_LIMITS, type HttpOptions } from './options.ts';
import { servePages } from './pages.ts';
import { relievePressure } from './pressure.ts';
import { answerErrors } from './problems.ts';
import { limitRate } from './rate-limit.ts';
import { recordRoutes } from './route-config.ts';
import { createStreams } from './streams.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/**
 * The HTTP side of the coordinator, not yet listening. `close()` ends open streams cleanly.
 * Order matters: hosts are judged before anything else, and hooks reach only the routes that come after them.
 */
export const createHttp = (options: HttpOptions): FastifyInstance => {
  const { grid, config, pages, registry, logger, now = Date.now, random = randomBytes } = options;
  const limits = { ...HTTP_LIMITS, ...options.limits };
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    trustProxy: config.trustProxy === 0 ? false : (_address, hop) => hop < config.trustProxy,
    bodyLimit: LIMITS.body,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(5000, limits.headersMs) },
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    clientErrorHandler: answerBadClient,
    frameworkErrors: answerBadPaths(options),
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  guardHosts(app, options);
  app.addHook('onRequest', async (request, reply) => addBaseHeaders(request, reply));
  answerErrors(app);
  recordRoutes(app);
  const streams = createStreams(app, limits.recheckMs);
  measureRequests(app, registry, streams);
  closeConnectionsAfter(app, limits.closeGraceMs);
  relievePressure(app, limits.eventLoopDelayMs);
  void app.register(cookie);
  documentApi(app, version);
  void app.register(async (scope) => {
    serveHealth(scope, grid);
    serveErrorPages(scope);
    servePages(scope, pages);
  });
  void app.register(async (scope) => {
    // They take keys: nobody is to guess one here.
    await limitRate(scope, config.rateLimit);
    serveMetrics(scope, registry, grid);
  });
  void app.register(mountApi, { prefix: '/v1', grid, config, limits, streams, now, random });
  return app;
};
