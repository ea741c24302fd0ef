import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { authorize } from '../http/auth.ts';
import { addCors } from '../http/cors.ts';
import { limitRate } from '../http/rate-limit.ts';
import { createSessionTable } from '../http/session-table.ts';
import { boundBodies } from '../http/slow-bodies.ts';
import type { ApiContext } from './api-context.ts';
import { batchRoutes } from './batches.ts';
import { blobRoutes } from './blobs.ts';
import { deviceRoutes } from './devices.ts';
import { eventRoutes } from './events.ts';
import { gridRoutes } from './grid.ts';
import { jobRoutes } from './jobs.ts';
import { inputRoutes } from './inputs.ts';
import { keyRoutes } from './keys.ts';
import { largeResultRoutes } from './large-results.ts';
import { programRoutes } from './programs.ts';
import { resultRoutes } from './results.ts';
import { sessionRoutes } from './session.ts';
import { coordinatorKeyRoutes } from './coordinator-keys.ts';
import { signerRoutes } from './signers.ts';
import { unitRoutes } from './units.ts';
import { uploadRoutes } from './uploads.ts';
import { upkeepRoutes } from './upkeep.ts';
import { webhookRoutes } from './webhooks.ts';

type Options = Omit<ApiContext, 'sessions'> & { now: () => number; random: (size: number) => Uint8Array };

/** Everything under /v1. The scope's hooks come first, since they reach only the routes after them. */
export const mountApi = async (scope: FastifyInstance, options: Options): Promise<void> => {
  const { grid, config, limits, now, random } = options;
  const context: ApiContext = { ...options, sessions: createSessionTable(now, random, limits.sessionMs) };
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!grid.ready) throw new ProblemError('unavailable', 'it is starting or leaving');
  });
  await limitRate(scope, config.rateLimit);
  authorize(scope, grid, context.sessions, config.publicUrl);
  boundBodies(scope, limits.bodyMs);
  await scope.register(async (inner) => {
    const api = inner.withTypeProvider<ZodTypeProvider>();
    addCors(inner);
    inner.addHook('preSerialization', async (_request, _reply, payload) => {
      await grid.written();
      return payload;
    });
    jobRoutes(api, context);
    upkeepRoutes(api, context);
    batchRoutes(api, context);
    programRoutes(api, context);
    unitRoutes(api, context);
    resultRoutes(api, context);
    eventRoutes(api, context);
    keyRoutes(api, context);
    signerRoutes(api, context);
    webhookRoutes(api, context);
    coordinatorKeyRoutes(api, context);
    deviceRoutes(api, context);
    gridRoutes(api, context);
    sessionRoutes(api, context);
    await inner.register(async (inputs) => inputRoutes(inputs, context));
    await inner.register(async (blobs) => blobRoutes(blobs, context));
    await inner.register(async (uploads) => uploadRoutes(uploads, context));
    await inner.register(async (results) => largeResultRoutes(results, context));
  });
};
