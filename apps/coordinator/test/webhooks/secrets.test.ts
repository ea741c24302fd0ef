import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import type { WebhookSecret } from '../../src/webhooks/secrets.ts';
import { newSecret, OVERLAP_MS, rotated, signedHeaders } from '../../src/webhooks/secrets.ts';

const BODY = JSON.stringify({ type: 'webhook.test', data: { text: 'ü 𝄞 \u2028' } });

const verifies = (secret: string, body: string, headers: Record<string, string>): boolean => {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
};

const inUse = (secret: string): WebhookSecret[] => [{ secret, until: null }];

test('HK2: the library of Standard Webhooks verifies what is signed, and refuses what was changed', () => {
  const secret = newSecret();
  expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  const now = Date.now();
  const headers = signedHeaders(inUse(secret), 'msg_1', BODY, now);
  expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
  expect(headers['webhook-timestamp']).toBe(String(Math.floor(now / 1000)));
  expect(verifies(secret, BODY, headers)).toBe(true);
  expect(verifies(newSecret(), BODY, headers)).toBe(false);
  expect(verifies(secret, `${BODY} `, headers)).toBe(false);
  expect(verifies(secret, BODY, { ...headers, 'webhook-id': 'msg_2' })).toBe(false);
  const later = String(Math.floor(now / 1000) + 1);
  expect(verifies(secret, BODY, { ...headers, 'webhook-timestamp': later })).toBe(false);
  expect(verifies(secret, BODY, signedHeaders(inUse(secret), 'msg_1', BODY, now - 600_000))).toBe(false);
});

test('HK3: a secret that was replaced signs along for 24 hours and no longer', () => {
  const [first, second] = [newSecret(), newSecret()];
  const now = Date.now();
  const signedAt = (secrets: WebhookSecret[], at: number) => signedHeaders(secrets, 'msg_1', BODY, at);
  const secrets = rotated(inUse(first), second, now - OVERLAP_MS + 1000);
  const both = signedAt(secrets, now);
  expect(both['webhook-signature']!.split(' ')).toHaveLength(2);
  expect([verifies(first, BODY, both), verifies(second, BODY, both)]).toEqual([true, true]);
  const late = signedAt(secrets, now + 1000);
  expect(late['webhook-signature']!.split(' ')).toHaveLength(1);
  expect([verifies(first, BODY, late), verifies(second, BODY, late)]).toEqual([false, true]);
  // What signs no more is not kept, and of those that do a few.
  expect(rotated(secrets, newSecret(), now + 1000).map(({ secret }) => secret)).not.toContain(first);
  let many = inUse(first);
  for (let i = 0; i < 9; i++) many = rotated(many, newSecret(), now);
  expect(many).toHaveLength(5);
  expect(many.filter(({ until }) => until === null)).toHaveLength(1);
});
