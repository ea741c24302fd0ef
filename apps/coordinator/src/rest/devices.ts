import {
  DeviceForgotten,
  DevicePatch,
  DeviceRecord,
  DeviceRecordQuery,
  DeviceView,
  PageQuery,
  pageOf,
} from '@gossamer/protocol';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { DeviceParams } from './params.ts';

/** Devices, for operators. */
export const deviceRoutes = (api: Api, { grid }: ApiContext): void => {
  const config = { access: 'operator' } as const;
  const tag = 'grid';

  api.get(
    '/devices',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'List devices',
        querystring: PageQuery,
        ok: { 200: pageOf(DeviceView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => grid.devices(request.query),
  );

  api.get(
    '/devices/:id/record',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'All that is kept of a device, a page of its attempts at a time',
        params: DeviceParams,
        querystring: DeviceRecordQuery,
        ok: { 200: DeviceRecord },
        problems: ['device-unknown', 'cursor-invalid'],
      }),
    },
    async (request) => grid.deviceRecord(request.params.id, request.query.after),
  );

  api.patch(
    '/devices/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Set a device apart for the playground, or put it back',
        params: DeviceParams,
        body: DevicePatch,
        ok: { 200: DeviceView },
        problems: ['device-unknown', ...CHANGE],
      }),
    },
    async (request) => grid.signing.setApart(request.params.id, request.body.apart),
  );

  api.delete(
    '/devices/:id',
    {
      config,
      schema: describe({
        tag,
        ...config,
        summary: 'Forget a device, at once and for good',
        description:
          'What it holds goes to others; its results and their verification stay, under a number. `erased` tells whether ' +
          'what says who it was is in no file any more; else that is gone on with until it is done.',
        params: DeviceParams,
        ok: { 200: DeviceForgotten },
        problems: ['device-unknown', ...CHANGE],
      }),
    },
    async (request) => grid.forgetDevice(request.params.id),
  );
};
