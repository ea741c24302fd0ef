import { PROBLEMS, ProblemError, type ProblemCode } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describe } from '../rest/describe.ts';

const DIRECTORY = new URL('../../../../docs/errors/', import.meta.url);

const isCode = (code: string): code is ProblemCode => Object.hasOwn(PROBLEMS, code);

/** GET /errors/CODE: what an error means and what to do, as text; a problem's `type` leads here. */
export const serveErrorPages = (app: FastifyInstance): void => {
  app.route<{ Params: { code: string } }>({
    method: 'GET',
    url: '/errors/:code',
    schema: describe({
      tag: 'service',
      summary: 'What an error means',
      params: z.strictObject({ code: z.string().max(64).describe('A code of a problem, such as `job-unknown`') }),
      ok: { 200: { description: 'The page', content: { 'text/plain': { schema: z.string() } } } },
      problems: ['route-unknown', 'origin-forbidden'],
    }),
    handler: async (request, reply) => {
      const { code } = request.params;
      if (!isCode(code)) throw new ProblemError('route-unknown', 'no error has this code');
      const text = readFileSync(new URL(`${code}.md`, DIRECTORY), 'utf8');
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(text);
    },
  });
};
