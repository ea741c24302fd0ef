import { FactView, PageQuery, pageOf, UnitState, UnitView } from '@gossamer/protocol';
import { z } from 'zod';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { JobParams, UnitParams } from './params.ts';

const UnitsQuery = z.strictObject({ ...PageQuery.shape, state: UnitState.optional() });
const FactsQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('The number of the last fact that is known already'),
  limit: PageQuery.shape.limit,
});

/** Work units and the facts about them. */
export const unitRoutes = (api: Api, { grid }: ApiContext): void => {
  const config = { access: 'owner' } as const;
  const tag = 'units';

  api.get(
    '/jobs/:id/units',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List work units by index',
        params: JobParams,
        querystring: UnitsQuery,
        ok: { 200: pageOf(UnitView) },
        problems: ['job-unknown', 'cursor-invalid'],
      }),
    },
    async (request) => grid.units(callerOf(request), request.params.id, request.query),
  );

  api.get(
    '/jobs/:id/units/:index',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Read a work unit with its attempts',
        params: UnitParams,
        ok: { 200: UnitView },
        problems: ['job-unknown', 'unit-unknown'],
      }),
    },
    async (request) => grid.unit(callerOf(request), request.params.id, request.params.index),
  );

  api.get(
    '/jobs/:id/units/:index/facts',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'The history of a work unit, oldest first',
        params: UnitParams,
        ok: { 200: pageOf(FactView) },
        problems: ['job-unknown', 'unit-unknown'],
      }),
    },
    async (request) => {
      const items = await grid.unitFacts(callerOf(request), request.params.id, request.params.index);
      return { items, next: null };
    },
  );

  api.get(
    '/jobs/:id/facts',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'The history of a job, oldest first',
        params: JobParams,
        querystring: FactsQuery,
        ok: { 200: pageOf(FactView) },
        problems: ['job-unknown'],
      }),
    },
    async (request) => {
      const { after, limit } = request.query;
      const items = await grid.facts(callerOf(request), request.params.id, after, limit);
      const last = items.at(-1);
      return { items, next: items.length < limit || last === undefined ? null : String(last.fact) };
    },
  );
};
