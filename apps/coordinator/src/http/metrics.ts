import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Gauge, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';
import type { Grid } from '../grid.ts';
import { describe } from '../rest/describe.ts';
import { bearerOf } from './bearer.ts';
import { isLoopbackHost } from './loopback.ts';
import type { Streams } from './streams.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** From this machine and through no proxy: a proxy on this machine would make the whole world look local. */
const isLocal = (request: FastifyRequest): boolean =>
  LOOPBACK.has(request.raw.socket.remoteAddress ?? '') &&
  isLoopbackHost(request.host) &&
  ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'].every((name) => request.headers[name] === undefined);

const requireMonitor = (request: FastifyRequest, grid: Grid): void => {
  if (isLocal(request)) return;
  const bearer = bearerOf(request);
  if (bearer === null) throw new ProblemError('key-missing', 'metrics are open to this machine and to operators');
  const caller = grid.authenticate(bearer);
  if (caller === null) throw new ProblemError('key-wrong');
  if (caller.role !== 'operator') throw new ProblemError('role-forbidden', 'only operators may');
};

/** Measures every request of the app, those included that a hook answers. */
export const measureRequests = (app: FastifyInstance, registry: Registry, streams: Streams): void => {
  const duration = new Histogram({
    name: 'gossamer_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by route; streams count when they end',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  new Gauge({
    name: 'gossamer_http_streams_open',
    help: 'Streams of events and results that are open',
    registers: [registry],
    collect() {
      this.set(streams.open);
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
};

/** GET /metrics in Prometheus' text format: for this machine, and for operators' keys from elsewhere. */
export const serveMetrics = (app: FastifyInstance, registry: Registry, grid: Grid): void => {
  app.route({
    method: 'GET',
    url: '/metrics',
    schema: describe({
      tag: 'service',
      summary: 'Metrics for Prometheus',
      description: 'Open to this machine without a proxy; from elsewhere with the key of an operator.',
      ok: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } } },
      problems: ['key-missing', 'key-wrong', 'role-forbidden', 'rate-limited', 'origin-forbidden'],
    }),
    handler: async (request, reply) => {
      requireMonitor(request, grid);
      return reply
        .type(registry.contentType)
        .header('cache-control', 'no-store')
        .send(await registry.metrics());
    },
  });
};
