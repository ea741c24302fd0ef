import type { DeliveryView, WebhookCreated } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { eventually, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';
import { openReceiver } from './receiver.ts';

const ANY = { GOSSAMER_WEBHOOK_TARGETS: 'any' };

test('HK1: every final result of a job comes once, in order, then its end', async () => {
  const grid = await startGrid({ env: ANY });
  const receiver = await openReceiver();
  const hook = await grid.rest.json<WebhookCreated>('POST', '/v1/webhooks', { name: 'all', url: receiver.url });
  expect(hook.secret).toMatch(/^whsec_/);
  const job = await grid.rest.submit(500);
  void lend(await grid.device(), () => receiver.of('job.completed').length > 0, undefined, 50);
  await eventually(() => expect(receiver.of('job.completed')).toHaveLength(1));
  expect(receiver.units().sort((a, b) => a - b)).toEqual(Array.from({ length: 500 }, (_, unit) => unit));
  const { items } = await grid.rest.json<{ items: DeliveryView[] }>('GET', `/v1/webhooks/${hook.id}/deliveries`);
  console.log(items.length, items[0], items.at(-1), job.id);
  console.log(receiver.received.at(-1)!.body, receiver.received[0]!.headers);
});
