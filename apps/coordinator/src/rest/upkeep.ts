import { AttemptDetail, AttemptsQuery, JobDeleted, JobRetried, pageOf } from '@gossamer/protocol';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { JobParams, UnitParams } from './params.ts';

/** The upkeep of jobs: retry what failed, delete what is no longer needed, see what came of each attempt. */
export const upkeepRoutes = (api: Api, { grid }: ApiContext): void => {
  const config = { access: 'owner' } as const;
  const tag = 'jobs';

  api.post(
    '/jobs/:id/retry',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Open the failed units of a job again',
        description:
          'Each gets a fresh budget of errors and attempts; what is final stays. A job that was complete runs again, and ' +
          'completes once more. In the list of results the failure stays, `superseded`, and what comes of the unit follows.',
        params: JobParams,
        body: z.strictObject({}).nullish(),
        ok: { 200: JobRetried },
        problems: [
          'job-unknown',
          'job-cancelled',
          'blob-unknown',
          'signature-missing',
          'signer-unknown',
          'signer-revoked',
          'signer-forbidden',
          'quota-exceeded',
          ...CHANGE,
        ],
      }),
    },
    async (request) => grid.upkeep.retry(callerOf(request), request.params.id),
  );

  api.delete(
    '/jobs/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Delete a job that has ended, with its results and its history',
        description:
          'For good, once it is answered. What volunteers have earned in it stays theirs; its program and data go when no other ' +
          'job needs them. `cleared` tells whether nothing of it is left on disk already.',
        params: JobParams,
        ok: { 200: JobDeleted },
        problems: ['job-unknown', 'job-open', ...CHANGE],
      }),
    },
    async (request) => grid.upkeep.remove(callerOf(request), request.params.id),
  );

  api.get(
    '/jobs/:id/attempts',
    {
      config,
      schema: describe({
        tag: 'units',
        ...config,
        summary: 'The attempts of a job that came back, in the order of their coming',
        description: 'With `outcome=errored` what the program threw, and where.',
        params: JobParams,
        querystring: AttemptsQuery,
        ok: { 200: pageOf(AttemptDetail) },
        problems: ['job-unknown', 'cursor-invalid'],
      }),
    },
    async (request) => grid.upkeep.attempts(callerOf(request), request.params.id, request.query),
  );

  api.get(
    '/jobs/:id/units/:index/attempts',
    {
      config,
      schema: describe({
        tag: 'units',
        ...config,
        summary: 'The attempts of a work unit, oldest first; those that are out now come last',
        params: UnitParams,
        ok: { 200: pageOf(AttemptDetail) },
        problems: ['job-unknown', 'unit-unknown'],
      }),
    },
    async (request) => {
      const { id, index } = request.params;
      return { items: await grid.upkeep.unitAttempts(callerOf(request), id, index), next: null };
    },
  );
};
