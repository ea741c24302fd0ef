import type { WebhookEvent } from '@gossamer/protocol';
import { createHmac, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { readWebhook } from '../src/index.ts';
import { all, thrown, useCoordinator } from './client.ts';

const { coordinator, client } = useCoordinator();

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const OTHER = `whsec_${randomBytes(24).toString('base64')}`;
const NOW = 1_800_000_000_000;
const now = () => NOW;
const ID = 'hook_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const MESSAGE = 'msg_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

const event: WebhookEvent = {
  type: 'webhook.test',
  timestamp: '2027-01-15T08:00:00.000Z',
  data: { webhook: ID as never },
};
const BODY = JSON.stringify({ ...event, later: 'ü 𝄞' });

const signed = ({ secret = SECRET, at = NOW, body = BODY, id = 'msg_1' } = {}) => {
  const timestamp = String(at / 1000);
  const key = Buffer.from(secret.slice(6), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` },
  };
};

it('SD34: a request that was signed is read, as text or bytes, with headers of Node or of fetch', async () => {
  const { body, headers } = signed();
  for (const form of [body, Buffer.from(body)]) {
    for (const given of [headers, new Headers(headers)]) {
      expect(await readWebhook({ body: form, headers: given }, SECRET, { now })).toEqual({ id: 'msg_1', event });
    }
  }
});

it('SD34: one of several signatures, or of several secrets, is enough', async () => {
  const { body, headers } = signed();
  const both = `v1,${randomBytes(32).toString('base64')} v2,x ${headers['webhook-signature']}`;
  expect((await readWebhook({ body, headers: { ...headers, 'webhook-signature': both } }, SECRET, { now })).id).toBe(
    'msg_1',
  );
  expect((await readWebhook({ body, headers }, [OTHER, SECRET], { now })).id).toBe('msg_1');
});

it('SD34: what was changed, is not signed, is old, or is of another secret is refused', async () => {
  const { body, headers } = signed();
  const changed = (name: string, value: string | undefined) => ({ body, headers: { ...headers, [name]: value } });
  const requests = [
    { body: `${body} `, headers },
    { body, headers: {} },
    changed('webhook-id', 'msg_2'),
    changed('webhook-id', undefined),
    changed('webhook-timestamp', String(NOW / 1000 + 1)),
    changed('webhook-timestamp', 'soon'),
    changed('webhook-signature', ''),
    changed('webhook-signature', 'v1,'),
    changed('webhook-signature', 'v1,%%%'),
    changed('webhook-signature', headers['webhook-signature'].replace('v1,', 'v2,')),
    signed({ secret: OTHER }),
    signed({ at: NOW - 301_000 }),
    signed({ at: NOW + 301_000 }),
  ];
  for (const request of requests) {
    expect(await thrown(readWebhook(request, SECRET, { now }))).toMatchObject({ code: 'webhook-forged' });
  }
  for (const secret of ['', 'secret', 'whsec_', 'whsec_%%', []]) {
    expect(await thrown(readWebhook({ body, headers }, secret, { now }))).toMatchObject({
      code: expect.stringMatching(/usage|webhook-forged/),
    });
  }
  const unknown = signed({ body: '{"type":"job.moved"}' });
  expect(await thrown(readWebhook(unknown, SECRET, { now }))).toMatchObject({ code: 'answer-unreadable' });
  expect((await readWebhook(signed({ at: NOW - 299_000 }), SECRET, { now })).id).toBe('msg_1');
});

const VIEW = {
  id: ID,
  name: 'W',
  url: 'https://example.org/',
  events: ['results.added'],
  provisional: false,
  job: null,
  owner: 'key_017f22e2-79b0-7cc3-98c4-dc0c0c07398f',
  ownerName: 'Sue',
  state: 'active',
  reason: null,
  failures: 0,
  createdAt: 1,
  added: 'by a newer coordinator',
};
const DELIVERY = { id: MESSAGE, type: 'webhook.test', job: null, at: 1, state: 'pending', dueAt: 2, tries: [] };

it('SD33: webhooks are made, listed, changed, tested and deleted, and their deliveries listed and sent again', async () => {
  const { webhooks } = client();
  coordinator.intercept = (request, response) => {
    const { method, url = '' } = request;
    const answerOf = (): unknown => {
      if (url.startsWith('/v1/webhooks?') || url === '/v1/webhooks') {
        if (method === 'POST') return { ...VIEW, secret: SECRET };
        return { items: [VIEW], next: url.includes('after') ? null : ID };
      }
      if (url.endsWith('/rotate')) return { ...VIEW, secret: OTHER };
      if (url.includes('/deliveries') && method === 'GET')
        return { items: [DELIVERY], next: url.includes('after') ? null : MESSAGE };
      return url.endsWith('/test') || url.endsWith('/redeliver') ? DELIVERY : VIEW;
    };
    response.end(JSON.stringify(answerOf()));
    return true;
  };
  const before = coordinator.requests.length;
  expect((await webhooks.create({ name: 'W', url: 'https://example.org/' })).secret).toBe(SECRET);
  expect(await all(webhooks.list())).toHaveLength(2);
  expect((await webhooks.get(ID)).state).toBe('active');
  expect(await webhooks.change(ID, { active: false })).toMatchObject({ name: 'W' });
  expect((await webhooks.rotate(ID)).secret).toBe(OTHER);
  expect((await webhooks.test(ID)).id).toBe(MESSAGE);
  expect(await all(webhooks.deliveries(ID))).toHaveLength(2);
  expect((await webhooks.redeliver(ID, MESSAGE)).state).toBe('pending');
  expect((await webhooks.delete(ID)).id).toBe(ID);
  expect(coordinator.requests.slice(before)).toEqual([
    'POST /v1/webhooks',
    'GET /v1/webhooks',
    `GET /v1/webhooks?after=${ID}`,
    `GET /v1/webhooks/${ID}`,
    `PATCH /v1/webhooks/${ID}`,
    `POST /v1/webhooks/${ID}/rotate`,
    `POST /v1/webhooks/${ID}/test`,
    `GET /v1/webhooks/${ID}/deliveries`,
    `GET /v1/webhooks/${ID}/deliveries?after=${MESSAGE}`,
    `POST /v1/webhooks/${ID}/deliveries/${MESSAGE}/redeliver`,
    `DELETE /v1/webhooks/${ID}`,
  ]);
});
