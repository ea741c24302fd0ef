import {
  BatchChanged,
  BatchCreated,
  BatchSpec,
  BatchView,
  IdempotencyKey,
  JobReason,
  PageQuery,
  pageOf,
} from '@gossamer/protocol';
import type { ProblemCode } from '@gossamer/protocol';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import { SSE_HEADERS } from '../http/sse.ts';
import type { Api, ApiContext } from './api-context.ts';
import { batchArchiveOf } from './archive.ts';
import { batchEvents, hasEnded } from './batch-events.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { sendArchive, ZIP } from './send-archive.ts';
import { eventStream } from './events.ts';
import { SUBMISSION } from './jobs.ts';
import { BatchParams } from './params.ts';

const ORDER: ProblemCode[] = ['batch-unknown', ...CHANGE];

/** Batches: many jobs made, followed and ended together. */
export const batchRoutes = (api: Api, { grid, streams, limits }: ApiContext): void => {
  // The grid itself asks whose batch it is.
  const config = { access: 'key' } as const;
  const tag = 'batches';

  api.post(
    '/batches',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Submit up to 1,000 jobs at once, all or none',
        description:
          'Each is checked as by itself before any is made; what is wrong is told with its place, as `jobs.3`. With `held` nothing ' +
          'of them is given out before they are released. With an Idempotency-Key, a request that is sent again makes no ' +
          'second batch.',
        headers: z.looseObject({ 'idempotency-key': IdempotencyKey.optional() }),
        body: BatchSpec,
        ok: { 201: BatchCreated },
        problems: SUBMISSION,
      }),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] ?? null;
      const { created, replayed } = await grid.batches.create(callerOf(request), request.body, key);
      if (replayed) void reply.header('idempotency-replayed', 'true');
      return reply.code(201).header('location', `/v1/batches/${created.batch.id}`).send(created);
    },
  );

  api.get(
    '/batches',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List batches, newest first',
        querystring: PageQuery,
        ok: { 200: pageOf(BatchView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => grid.batches.list(callerOf(request), request.query),
  );

  api.get(
    '/batches/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Read a batch: its jobs by state, and their units',
        description: 'Its jobs are listed by `GET /v1/jobs?batch=ID`.',
        params: BatchParams,
        ok: { 200: BatchView },
        problems: ['batch-unknown'],
      }),
    },
    async (request) => grid.batches.get(callerOf(request), request.params.id),
  );

  api.get(
    '/batches/:id/events',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Watch a batch',
        description:
          'Events `batch` with the whole batch as it stands, a few a second at the most; the id changes with what is kept of its ' +
          'jobs. Ends when all of them have ended; whoever has seen that (Last-Event-ID) gets 204, which ends an EventSource.',
        params: BatchParams,
        ok: {
          200: eventStream('Events'),
          204: z.undefined().describe('All of its jobs have ended, and Last-Event-ID says that the client knows'),
        },
        problems: ['batch-unknown'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const given = request.headers['last-event-id'];
      const lastId = typeof given === 'string' ? given : null;
      // A wrong batch is refused as a problem while there is still a status to set.
      if (hasEnded(grid.batches.get(caller, id)) && lastId === grid.batches.version(caller, id)) {
        await grid.written();
        return reply.code(204).send();
      }
      reply.headers(SSE_HEADERS);
      const options = { caller, id, lastId, heartbeatMs: limits.heartbeatMs };
      return streams.send(request, reply, (signal) => batchEvents(grid, options, signal));
    },
  );

  api.get(
    '/batches/:id/archive',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'All that is final of its jobs, as one ZIP archive',
        description:
          '`batch.json` (the batch as it is now), and for each job `jobs/ID/` with what its own archive has: `job.json`, ' +
          '`results.ndjson` and the files of bytes. Made as it is read, so that there are no ranges of it. Where all of its jobs have ' +
          'ended it has a (weak) ETag, which changes when something comes to their histories, or one is deleted.',
        params: BatchParams,
        ok: {
          200: { description: 'The archive', content: { [ZIP]: { schema: z.unknown() } } },
          304: z.undefined().describe('The ETag of If-None-Match is the present one'),
        },
        problems: ['batch-unknown'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const version = hasEnded(grid.batches.get(caller, id)) ? grid.batches.version(caller, id) : null;
      await grid.written();
      return sendArchive(request, reply, streams, {
        name: id,
        version,
        content: (signal) => batchArchiveOf(grid, caller, id, signal),
      });
    },
  );

  const summaries = {
    hold: 'Hold all jobs of a batch that run',
    release: 'Release all jobs of a batch that are held',
    cancel: 'Cancel all jobs of a batch that have not ended',
  };
  for (const verb of ['hold', 'release', 'cancel'] as const) {
    api.post(
      `/batches/:id/${verb}`,
      {
        config,
        schema: describe({
          tag,
          ...config,
          summary: summaries[verb],
          params: BatchParams,
          body: JobReason.nullish(),
          ok: { 200: BatchChanged },
          problems: verb === 'release' ? ['quota-exceeded', ...ORDER] : ORDER,
        }),
      },
      async (request) => grid.batches[verb](callerOf(request), request.params.id, request.body?.reason ?? ''),
    );
  }
};
