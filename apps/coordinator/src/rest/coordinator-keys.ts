import { CoordinatorKeys } from '@gossamer/protocol';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';

/** The keys with which the coordinator signs what it admits. */
export const coordinatorKeyRoutes = (api: Api, { grid: { signing } }: ApiContext): void => {
  const tag = 'signers';
  const open = { access: 'public' } as const;
  const operator = { access: 'operator' } as const;

  api.get(
    '/coordinator-keys',
    {
      config: open,
      schema: describe({
        tag,
        ...open,
        summary: 'The coordinator’s key, and how it came from earlier ones',
        ok: { 200: CoordinatorKeys },
      }),
    },
    async () => signing.coordinatorKeys(),
  );

  api.post(
    '/coordinator-keys',
    {
      config: operator,
      schema: describe({
        tag,
        ...operator,
        summary: 'Make a new key, signed by the present one, and sign with it from now on',
        ok: { 201: CoordinatorKeys },
        problems: CHANGE,
      }),
    },
    async (_request, reply) => reply.code(201).send(await signing.rotateCoordinatorKey()),
  );
};
