import { KeyCreated, KeyPatch, KeyQuotas, KeySpec, KeyView, PageQuery, pageOf } from '@gossamer/protocol';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { KeyParams } from './params.ts';

/** API keys, for operators. */
export const keyRoutes = (api: Api, { grid }: ApiContext): void => {
  const config = { access: 'operator' } as const;
  const tag = 'keys';

  api.get(
    '/keys',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List keys, in the order in which they were made',
        querystring: PageQuery,
        ok: { 200: pageOf(KeyView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => grid.keys(request.query),
  );

  api.post(
    '/keys',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Make a key',
        description: 'Its secret is in this answer, and nowhere else again.',
        body: KeySpec,
        ok: { 201: KeyCreated },
        problems: CHANGE,
      }),
    },
    async (request, reply) => reply.code(201).send(await grid.createKey(request.body)),
  );

  api.get(
    '/quotas',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'What each key may have, and has',
        description: 'Of the keys that were not revoked. What one key has itself is told by `GET /v1/me`.',
        querystring: PageQuery,
        ok: { 200: pageOf(KeyQuotas) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => grid.upkeep.allQuotas(request.query),
  );

  api.patch(
    '/keys/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Set the quota of a key',
        description: 'What is left out is the grid’s default, and null any number. What there is already stays.',
        params: KeyParams,
        body: KeyPatch,
        ok: { 200: KeyView },
        problems: ['key-unknown', ...CHANGE],
      }),
    },
    async (request) => grid.patchKey(request.params.id, request.body),
  );

  api.delete(
    '/keys/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Revoke a key, at once and for good',
        params: KeyParams,
        ok: { 200: KeyView },
        problems: ['key-unknown', ...CHANGE],
      }),
    },
    async (request) => grid.revokeKey(request.params.id),
  );
};
