import { DevicePatch, DeviceView, GridView, PageQuery, pageOf, StatsView } from '@gossamer/protocol';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { DeviceParams } from './params.ts';

/** The grid as a whole. */
export const gridRoutes = (api: Api, { grid }: ApiContext): void => {
  const tag = 'grid';

  api.get(
    '/grid',
    {
      config: { access: 'public' },
      schema: describe({
        tag,
        access: 'public',
        summary: 'What a volunteer reads before consent',
        ok: { 200: GridView },
      }),
    },
    async () => grid.view(),
  );

  api.get(
    '/devices',
    {
      config: { access: 'operator' },
      schema: describe({
        tag,
        access: 'operator',
        summary: 'List devices',
        querystring: PageQuery,
        ok: { 200: pageOf(DeviceView) },
        problems: ['request-invalid', 'cursor-invalid'],
      }),
    },
    async (request) => grid.devices(request.query),
  );

  api.patch(
    '/devices/:id',
    {
      config: { access: 'operator' },
      schema: describe({
        tag,
        access: 'operator',
        summary: 'Set a device apart for the playground, or put it back',
        params: DeviceParams,
        body: DevicePatch,
        ok: { 200: DeviceView },
        problems: ['request-invalid', 'device-unknown', 'body-malformed', 'body-too-large', 'media-type-unsupported'],
      }),
    },
    async (request) => grid.signing.setApart(request.params.id, request.body.apart),
  );

  api.get(
    '/stats',
    {
      config: { access: 'operator' },
      schema: describe({
        tag,
        access: 'operator',
        summary: 'Throughput and queues over the last minutes',
        ok: { 200: StatsView },
      }),
    },
    async () => grid.stats(),
  );
};
