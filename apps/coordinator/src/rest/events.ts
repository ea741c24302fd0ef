import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import { lastEventId, SSE_HEADERS } from '../http/sse.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { gridEvents } from './grid-events.ts';
import { hasEnded, jobEvents } from './job-events.ts';
import { JobParams } from './params.ts';

/** An answer that is a stream of Server-Sent Events, for the description of the API. */
export const eventStream = (description: string) => ({
  description,
  content: { 'text/event-stream': { schema: z.string().describe('Server-Sent Events') } },
});

/** Live progress by Server-Sent Events. */
export const eventRoutes = (api: Api, { grid, streams, limits }: ApiContext): void => {
  api.get(
    '/jobs/:id/events',
    {
      config: { access: 'owner' },
      schema: describe({
        tag: 'jobs',
        access: 'owner',
        summary: 'Watch a job',
        description:
          'Events `job` with the whole job as it stands; the id is the number of its newest fact. Ends when the job is ' +
          'completed or cancelled; whoever has seen that (Last-Event-ID) gets 204, which ends an EventSource.',
        params: JobParams,
        ok: {
          200: eventStream('Events'),
          204: z.undefined().describe('The job has ended, and Last-Event-ID says that the client knows'),
        },
        problems: ['job-unknown'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const lastId = lastEventId(request.headers['last-event-id']);
      const job = grid.job(caller, id);
      if (hasEnded(job) && lastId !== null && lastId >= job.fact) {
        await grid.written();
        return reply.code(204).send();
      }
      reply.headers(SSE_HEADERS);
      const options = { caller, id, lastId, heartbeatMs: limits.heartbeatMs };
      return streams.send(request, reply, (signal) => jobEvents(grid, options, signal));
    },
  );

  api.get(
    '/events',
    {
      config: { access: 'operator' },
      schema: describe({
        tag: 'grid',
        access: 'operator',
        summary: 'Watch the grid',
        description: 'Events `grid` with the newest 200 jobs and the number of sessions, at most one a second.',
        ok: { 200: eventStream('Events') },
      }),
    },
    async (request, reply) => {
      const options = { caller: callerOf(request), heartbeatMs: limits.heartbeatMs };
      reply.headers(SSE_HEADERS);
      return streams.send(request, reply, (signal) => gridEvents(grid, options, signal));
    },
  );
};
