import { InputsAppended, InputsQuery, JobView, LIMITS, ProblemError, type StreamSource } from '@gossamer/protocol';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { JobParams } from './params.ts';

const NDJSON = 'application/x-ndjson';
const TEXT = 'text/plain';
const OCTETS = 'application/octet-stream';

const FORMATS: Record<string, StreamSource['format']> = { [NDJSON]: 'ndjson', [TEXT]: 'text', [OCTETS]: 'packed' };

/** The inputs of streams: appended while the job runs, and closed. */
export const inputRoutes = (scope: FastifyInstance, { grid }: ApiContext): void => {
  scope.addContentTypeParser([NDJSON, TEXT, OCTETS], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const api: Api = scope.withTypeProvider<ZodTypeProvider>();
  const config = { access: 'owner' } as const;
  const tag = 'inputs';

  api.post(
    '/jobs/:id/inputs',
    {
      bodyLimit: LIMITS.body,
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Append inputs to a job whose source is a stream',
        description:
          `Lines as ${NDJSON} or ${TEXT}, or packed values as ${OCTETS}, as its source says. \`first\` is the number of the ` +
          'inputs before these: so a request that is sent again changes nothing, and none is lost or doubled.',
        consumes: [NDJSON, TEXT, OCTETS],
        params: JobParams,
        querystring: InputsQuery,
        ok: { 200: InputsAppended },
        problems: [
          'job-unknown',
          'job-cancelled',
          'job-completed',
          'inputs-closed',
          'inputs-misplaced',
          'source-empty',
          'source-invalid',
          'source-too-large',
          'data-truncated',
          'quota-exceeded',
          ...CHANGE,
        ],
      }),
    },
    async (request) => {
      const content: unknown = request.body;
      const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
      const format = FORMATS[type];
      if (!Buffer.isBuffer(content) || format === undefined) {
        throw new ProblemError('media-type-unsupported', `send inputs as ${NDJSON}, ${TEXT} or ${OCTETS}`);
      }
      return grid.intake.append(callerOf(request), request.params.id, { first: request.query.first, format, content });
    },
  );

  api.post(
    '/jobs/:id/inputs/close',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Close the inputs of a job: it is complete when those that came are computed',
        params: JobParams,
        body: z.strictObject({}).nullish(),
        ok: { 200: JobView },
        problems: ['job-unknown', 'job-cancelled', 'job-completed', 'inputs-closed', ...CHANGE],
      }),
    },
    async (request) => grid.intake.close(callerOf(request), request.params.id),
  );
};
