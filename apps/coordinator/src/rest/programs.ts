import { pageOf, ProgramsQuery, ProgramView } from '@gossamer/protocol';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { ProgramParams } from './params.ts';

/** Programs, by the jobs that were made of them. */
export const programRoutes = (api: Api, { grid }: ApiContext): void => {
  // The grid itself asks whose jobs they are.
  const config = { access: 'key' } as const;
  const tag = 'programs';

  api.get(
    '/programs',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List the programs of jobs, the last used first',
        description:
          'Of the jobs that the key sees; with `submitter` of one key’s. A walk through the pages goes by the jobs that there ' +
          'were at its beginning: programs that are used meanwhile are neither passed over nor told twice.',
        querystring: ProgramsQuery,
        ok: { 200: pageOf(ProgramView) },
        problems: ['cursor-invalid', 'key-unknown'],
      }),
    },
    async (request) => grid.programs.list(callerOf(request), request.query),
  );

  api.get(
    '/programs/:sha256',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Read what a program is, and how it is used',
        description:
          'Its jobs are listed by `GET /v1/jobs?program=SHA256`, its bytes are read by `GET /v1/blobs/SHA256`.',
        params: ProgramParams,
        ok: { 200: ProgramView },
        problems: ['program-unknown'],
      }),
    },
    async (request) => grid.programs.get(callerOf(request), request.params.sha256),
  );
};
