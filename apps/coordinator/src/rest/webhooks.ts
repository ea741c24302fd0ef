import {
  DeliveryView,
  PageQuery,
  pageOf,
  type ProblemCode,
  WebhookCreated,
  WebhookPatch,
  WebhookSpec,
  WebhookView,
} from '@gossamer/protocol';
import { callerOf } from '../http/auth.ts';
import type { Api, ApiContext } from './api-context.ts';
import { describe } from './describe.ts';
import { CHANGE } from './problem-codes.ts';
import { DeliveryParams, WebhookParams } from './params.ts';

const TARGET: ProblemCode[] = ['webhook-target-forbidden', 'webhook-target-unresolved'];
const UNKNOWN: ProblemCode[] = ['webhook-unknown'];

/** Webhooks: submitters have theirs told of their jobs, and read what was sent. */
export const webhookRoutes = (api: Api, { grid: { webhooks } }: ApiContext): void => {
  const config = { access: 'key' } as const;
  const common = { tag: 'webhooks', ...config };

  api.get(
    '/webhooks',
    {
      config,
      schema: describe({
        ...common,
        summary: 'List webhooks: one’s own, or as an operator all',
        querystring: PageQuery,
        ok: { 200: pageOf(WebhookView) },
        problems: ['cursor-invalid'],
      }),
    },
    async (request) => webhooks.list(callerOf(request), request.query),
  );

  api.post(
    '/webhooks',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Register a webhook',
        description:
          'Its secret is in this answer, and nowhere else again. Requests are signed by the scheme of Standard Webhooks, come at ' +
          'least once, and carry the same `webhook-id` each time (docs/webhooks.md).',
        body: WebhookSpec,
        ok: { 201: WebhookCreated },
        problems: ['job-unknown', 'webhook-limit', ...TARGET, ...CHANGE],
      }),
    },
    async (request, reply) => reply.code(201).send(await webhooks.create(callerOf(request), request.body)),
  );

  api.get(
    '/webhooks/:id',
    {
      config,
      schema: describe({
        ...common,
        summary: 'A webhook, and whether it is active',
        params: WebhookParams,
        ok: { 200: WebhookView },
        problems: UNKNOWN,
      }),
    },
    async (request) => webhooks.get(callerOf(request), request.params.id),
  );

  api.patch(
    '/webhooks/:id',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Change a webhook, or switch it off or on',
        description: 'Switched on again it goes on where it was, and what waits is tried at once.',
        params: WebhookParams,
        body: WebhookPatch,
        ok: { 200: WebhookView },
        problems: ['webhook-unknown', 'webhook-disabled', ...TARGET, ...CHANGE],
      }),
    },
    async (request) => webhooks.patch(callerOf(request), request.params.id, request.body),
  );

  api.delete(
    '/webhooks/:id',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Delete a webhook with its secret and its deliveries',
        params: WebhookParams,
        ok: { 200: WebhookView },
        problems: [...UNKNOWN, ...CHANGE],
      }),
    },
    async (request) => webhooks.remove(callerOf(request), request.params.id),
  );

  api.post(
    '/webhooks/:id/rotate',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Replace the secret; the old one signs along for 24 hours',
        description: 'The new secret is in this answer, and nowhere else again.',
        params: WebhookParams,
        ok: { 200: WebhookCreated },
        problems: [...UNKNOWN, ...CHANGE],
      }),
    },
    async (request) => webhooks.rotate(callerOf(request), request.params.id),
  );

  api.post(
    '/webhooks/:id/test',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Send a `webhook.test`',
        params: WebhookParams,
        ok: { 202: DeliveryView },
        problems: ['webhook-disabled', 'webhook-limit', ...UNKNOWN, ...CHANGE],
      }),
    },
    async (request, reply) => reply.code(202).send(await webhooks.test(callerOf(request), request.params.id)),
  );

  api.get(
    '/webhooks/:id/deliveries',
    {
      config,
      schema: describe({
        ...common,
        summary: 'What was sent and is to be sent, the newest first, with each try',
        params: WebhookParams,
        querystring: PageQuery,
        ok: { 200: pageOf(DeliveryView) },
        problems: ['cursor-invalid', ...UNKNOWN],
      }),
    },
    async (request) => webhooks.deliveries(callerOf(request), request.params.id, request.query),
  );

  api.post(
    '/webhooks/:id/deliveries/:delivery/redeliver',
    {
      config,
      schema: describe({
        ...common,
        summary: 'Send a delivery that is over once more, under the same id',
        params: DeliveryParams,
        ok: { 202: DeliveryView },
        problems: ['delivery-unknown', 'delivery-pending', 'webhook-disabled', 'webhook-limit', ...UNKNOWN, ...CHANGE],
      }),
    },
    async (request, reply) => {
      const { id, delivery } = request.params;
      return reply.code(202).send(await webhooks.redeliver(callerOf(request), id, delivery));
    },
  );
};
