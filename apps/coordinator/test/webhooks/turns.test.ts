import { KeyId, uuidv7, WebhookId } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { newLane } from '../../src/webhooks/lane.ts';
import { WEBHOOK_LIMITS } from '../../src/webhooks/limits.ts';
import { Turns } from '../../src/webhooks/turns.ts';
import { Webhook } from '../../src/webhooks/webhook.ts';

const id = (prefix: string, n: number): string => `${prefix}_${uuidv7(n, Buffer.alloc(10, n))}`;

const webhookOf = (owner: KeyId, n: number): Webhook =>
  new Webhook({
    id: WebhookId.parse(id('hook', n)),
    owner,
    name: `hook ${n}`,
    url: 'https://hooks.example.org/',
    events: ['results.added'],
    provisional: false,
    job: null,
    firstJob: 0,
    createdAt: 0,
    secrets: [],
    disabled: null,
    failures: 0,
  });

const always = () => true;

/** Webhooks of one key, each with more queues than it may have tries. */
const crowd = (turns: Turns, owner: KeyId, webhooks: number): void => {
  for (let n = 0; n < webhooks; n += 1) {
    const webhook = webhookOf(owner, n);
    for (let job = 1; job <= 10; job += 1) turns.ask(webhook, newLane(job));
  }
};

/** How many of each key get a turn while none is over. */
const taken = (turns: Turns): Map<KeyId, number> => {
  const counts = new Map<KeyId, number>();
  for (let turn = turns.next(always); turn !== null; turn = turns.next(always)) {
    const { owner } = turn.webhook.record;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  return counts;
};

test('HK9: a key whose webhooks all hang, as many as it may have, leaves room for the webhooks of others', () => {
  const [greedy, other] = [KeyId.parse(id('key', 1)), KeyId.parse(id('key', 2))];
  const turns = new Turns(WEBHOOK_LIMITS);
  crowd(turns, greedy, WEBHOOK_LIMITS.webhooks);
  expect(taken(turns)).toEqual(new Map([[greedy, WEBHOOK_LIMITS.concurrentPerKey]]));
  crowd(turns, other, 1);
  expect(taken(turns)).toEqual(new Map([[other, WEBHOOK_LIMITS.concurrentPerWebhook]]));
});

test('HK9: what is over makes room for its key, which takes turns among its webhooks', () => {
  const key = KeyId.parse(id('key', 1));
  const turns = new Turns({ concurrent: 8, concurrentPerKey: 2, concurrentPerWebhook: 2 });
  crowd(turns, key, 3);
  const first = turns.next(always)!;
  const second = turns.next(always)!;
  expect(turns.next(always)).toBeNull();
  turns.over(first.webhook);
  const third = turns.next(always)!;
  expect(new Set([first.webhook, second.webhook, third.webhook]).size).toBe(3);
  expect(turns.next(always)).toBeNull();
});

test('HK9: overall no more than so many are under way, whosever they are', () => {
  const keys = Array.from({ length: 8 }, (_, n) => KeyId.parse(id('key', n + 1)));
  const turns = new Turns(WEBHOOK_LIMITS);
  for (const key of keys) crowd(turns, key, WEBHOOK_LIMITS.webhooks);
  const total = [...taken(turns).values()].reduce((sum, n) => sum + n, 0);
  expect(total).toBe(WEBHOOK_LIMITS.concurrent);
});
