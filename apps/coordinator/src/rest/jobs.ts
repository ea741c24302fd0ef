import {
  BatchId,
  IdempotencyKey,
  JobPatch,
  JobReason,
  JobSpec,
  JobState,
  JobView,
  PageQuery,
  pageOf,
  type ProblemCode,
  Sha256,
} from '@gossamer/protocol';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { MadeSpec } from './made-spec.ts';
import { JobParams } from './params.ts';

const JobsQuery = z.strictObject({
  ...PageQuery.shape,
  state: JobState.optional(),
  batch: BatchId.optional(),
  program: Sha256.optional(),
});
const Reason = JobReason.nullish();
/** What can keep a job from being changed. */
const ORDER: ProblemCode[] = ['job-cancelled', 'job-completed', ...CHANGE];
/** What can be wrong with a new job. */
export const SUBMISSION: ProblemCode[] = [
  'idempotency-key-reused',
  'blob-unknown',
  'program-invalid',
  'program-imports',
  'program-exports',
  'policy-contradictory',
  'signature-missing',
  'signature-wrong',
  'signer-unknown',
  'signer-revoked',
  'signer-forbidden',
  'source-empty',
  'source-invalid',
  'source-too-large',
  'data-truncated',
  'data-too-large',
  'result-too-large',
  'quota-exceeded',
  ...CHANGE,
];

/** Jobs: submit, list, read, change, hold, release, cancel. */
export const jobRoutes = (api: Api, { grid }: ApiContext): void => {
  const config = { access: 'key' } as const;
  const own = { access: 'owner' } as const;
  const tag = 'jobs';

  api.post(
    '/jobs',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Submit a job',
        description:
          'The program, and the blob that a source reads, are uploaded before. With an Idempotency-Key, a request that is sent ' +
          'again makes no second job: it is answered with the first one, and `idempotency-replayed: true`.',
        headers: z.looseObject({ 'idempotency-key': IdempotencyKey.optional() }),
        body: JobSpec,
        ok: { 201: JobView },
        problems: ['job-deleted', ...SUBMISSION],
      }),
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'] ?? null;
      const { job, replayed } = await grid.createJob(callerOf(request), request.body, key);
      if (replayed) void reply.header('idempotency-replayed', 'true');
      return reply.code(201).header('location', `/v1/jobs/${job.id}`).send(job);
    },
  );

  api.get(
    '/jobs',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List jobs, newest first',
        querystring: JobsQuery,
        ok: { 200: pageOf(JobView) },
        problems: ['cursor-invalid', 'batch-unknown'],
      }),
    },
    async (request) => grid.jobs(callerOf(request), request.query),
  );

  api.get(
    '/jobs/:id',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Read a job',
        params: JobParams,
        ok: { 200: JobView },
        problems: ['job-unknown'],
      }),
    },
    async (request) => grid.job(callerOf(request), request.params.id),
  );

  api.get(
    '/jobs/:id/spec',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Read what a job was made of',
        description:
          'As `POST /v1/jobs` takes it, so that it makes the same job once more, of the program and the blobs that this one has; what ' +
          'was left out is filled in. What was changed since is not in it, nor are the inputs of a stream.',
        params: JobParams,
        ok: { 200: MadeSpec },
        problems: ['job-unknown'],
      }),
    },
    async (request) => grid.jobSpec(callerOf(request), request.params.id),
  );

  api.patch(
    '/jobs/:id',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Change which replicas count as independent',
        params: JobParams,
        body: JobPatch,
        ok: { 200: JobView },
        problems: ORDER,
      }),
    },
    async (request) => grid.patchJob(callerOf(request), request.params.id, request.body),
  );

  api.post(
    '/jobs/:id/hold',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Hold a job: nothing new of it is given out',
        params: JobParams,
        body: Reason,
        ok: { 200: JobView },
        problems: ORDER,
      }),
    },
    async (request) => grid.hold(callerOf(request), request.params.id, request.body?.reason ?? ''),
  );

  api.post(
    '/jobs/:id/release',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Release a held job',
        params: JobParams,
        body: Reason,
        ok: { 200: JobView },
        problems: ['quota-exceeded', ...ORDER],
      }),
    },
    async (request) => grid.release(callerOf(request), request.params.id, request.body?.reason ?? ''),
  );

  api.post(
    '/jobs/:id/cancel',
    {
      config: own,
      schema: describe({
        tag,
        ...own,
        summary: 'Cancel a job: what is final stays, the rest is given up',
        params: JobParams,
        body: Reason,
        ok: { 200: JobView },
        problems: ORDER,
      }),
    },
    async (request) => grid.cancel(callerOf(request), request.params.id, request.body?.reason ?? ''),
  );
};
