import { ProblemError } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Grid } from '../grid.ts';
import { describe } from '../rest/describe.ts';
import { ANSWERS_UNDER_PRESSURE } from './pressure.ts';

const Health = z.strictObject({ status: z.literal('ok') });

/**
 * GET /healthz: the process answers. GET /readyz: the grid does its work; 503 while it starts, recovers or leaves, 507
 * while the disk is full.
 */
export const serveHealth = (app: FastifyInstance, grid: Grid): void => {
  app.get(
    '/healthz',
    {
      config: ANSWERS_UNDER_PRESSURE,
      schema: describe({ tag: 'service', summary: 'Is it alive', ok: { 200: Health } }),
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get(
    '/readyz',
    {
      config: ANSWERS_UNDER_PRESSURE,
      schema: describe({
        tag: 'service',
        summary: 'Is it ready',
        ok: { 200: Health },
        problems: ['unavailable', 'storage-full'],
      }),
    },
    async (_request, reply) => {
      if (!grid.ready) throw new ProblemError('unavailable', 'it is starting or leaving');
      const { hindrance } = grid;
      if (hindrance === 'storage-full') throw new ProblemError(hindrance, 'it goes on by itself once there is room');
      if (hindrance !== null) throw new ProblemError(hindrance, 'it recovers its state after a write that failed');
      return reply.header('cache-control', 'no-store').send({ status: 'ok' });
    },
  );
};
