import { AnswerView, PageQuery, pageOf, ResultView } from '@gossamer/protocol';
import type { ByteRange } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { archiveOf } from './archive.ts';
import { describe } from './describe.ts';
import { hasEnded } from './job-events.ts';
import { JobParams, UnitParams } from './params.ts';
import { resultLines } from './result-stream.ts';
import { sendArchive, ZIP } from './send-archive.ts';
import { sendBytes } from './send-bytes.ts';

const NDJSON = 'application/x-ndjson';

const ResultsQuery = z.strictObject({
  ...PageQuery.shape,
  follow: z
    .enum(['true', 'false'])
    .default('false')
    .describe('With a stream: go on until the job is completed or cancelled'),
  provisional: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Tell provisional results, too, and those that no longer stand; each item then has its `kind`'),
});

/** Final results: by pages or as a stream, and the bytes of a single one. */
export const resultRoutes = (api: Api, { grid, streams }: ApiContext): void => {
  const config = { access: 'owner' } as const;
  const tag = 'results';

  api.get(
    '/jobs/:id/results',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Results, in the order in which they became final',
        description: `JSON pages by default. With \`Accept: ${NDJSON}\` a stream of all of them, one a line; \`limit\` does not apply to it. With \`provisional=true\` also what stands on the word of one device for now, and what of that was revoked, in the order in which it happened; cursors are good for both lists.`,
        params: JobParams,
        querystring: ResultsQuery,
        ok: {
          200: {
            description: 'A page, or a stream',
            content: {
              'application/json': { schema: pageOf(ResultView) },
              [NDJSON]: { schema: z.string().describe('Lines, each a ResultView') },
            },
          },
        },
        problems: ['job-unknown', 'cursor-invalid'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      const { after, limit, follow } = request.query;
      const provisional = request.query.provisional === 'true';
      reply.header('vary', 'accept');
      if (!(request.headers.accept ?? '').includes(NDJSON)) {
        return reply.type('application/json').send(await grid.results(caller, id, { after, limit, provisional }));
      }
      // A wrong job or cursor is refused as a problem while there is still a status to set.
      await grid.results(caller, id, { after, limit: 1 });
      reply.type(NDJSON).header('x-accel-buffering', 'no');
      const stream = { caller, id, after, follow: follow === 'true', provisional };
      return streams.send(request, reply, (signal) => resultLines(grid, stream, signal));
    },
  );

  api.get(
    '/jobs/:id/answer',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'What the final results come to so far, by the reduce of the program',
        description:
          'Folded as they come, so that a job of millions of units answers with one small value while it runs. Where the program ' +
          'exports `answer`, each of its numbers has an interval in which the true one lies in 95 of 100 such jobs.',
        params: JobParams,
        ok: { 200: AnswerView },
        problems: ['job-unknown', 'answer-none', 'reduce-failed', 'unavailable'],
      }),
    },
    async (request) => grid.answer(callerOf(request), request.params.id),
  );

  api.get(
    '/jobs/:id/archive',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'All that is final, as one ZIP archive',
        description:
          '`job.json` (the job as it is now), `results.ndjson` (a line a unit: `output`, `error`, or the `file` that its bytes ' +
          'are in, with the `type` of a typed array; large results have a file and their `blob`), and these files. Made as it is ' +
          'read, so that there are no ranges of it. That of a job that has ended has a (weak) ETag, which changes when something ' +
          'comes to the job’s history.',
        params: JobParams,
        ok: {
          200: { description: 'The archive', content: { [ZIP]: { schema: z.unknown() } } },
          304: z.undefined().describe('The ETag of If-None-Match is the present one'),
        },
        problems: ['job-unknown'],
      }),
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { id } = request.params;
      // A wrong job is refused as a problem while there is still a status to set.
      const job = grid.job(caller, id);
      await grid.written();
      return sendArchive(request, reply, streams, {
        name: id,
        version: hasEnded(job) ? String(job.fact) : null,
        content: (signal) => archiveOf(grid, caller, id, signal),
      });
    },
  );

  const bytes = { schema: z.unknown() };
  const content = { 'application/json': bytes, 'application/octet-stream': bytes };
  api.route({
    method: ['GET', 'HEAD'],
    url: '/jobs/:id/units/:index/result',
    config,
    schema: describe({
      tag,
      ...config,
      summary: 'The bytes of one final result, or a range of them',
      description: 'As the program returned them, however many; the ETag is their SHA-256.',
      params: UnitParams,
      ok: {
        200: { description: 'The bytes as the program returned them', content },
        206: { description: 'The part that Range asks for', content },
        304: z.undefined().describe('The ETag of If-None-Match is the present one'),
      },
      problems: ['job-unknown', 'unit-unknown', 'result-pending', 'blob-unknown', 'range-unsatisfiable'],
    }),
    handler: async (request, reply) => {
      const found = await grid.result(callerOf(request), request.params.id, request.params.index);
      const { mediaType } = found;
      const cacheControl = 'private, no-cache';
      if ('blob' in found) {
        const { sha256, size } = found.blob;
        const read = (range: ByteRange) => grid.blobs.get(sha256, range);
        return sendBytes(request, reply, streams, { sha256, size, mediaType, cacheControl, read });
      }
      const { body } = found;
      const sha256 = createHash('sha256').update(body).digest('hex');
      const read = async ({ start, end }: ByteRange) => once(body.subarray(start, end));
      return sendBytes(request, reply, streams, { sha256, size: body.byteLength, mediaType, cacheControl, read });
    },
  });
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
