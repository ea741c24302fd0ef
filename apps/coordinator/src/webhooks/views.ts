import type { Scheduler } from '@gossamer/core';
import type { DeliveryView, WebhookView } from '@gossamer/protocol';
import { DeliveryId, JobId, WebhookEventType } from '@gossamer/protocol';
import type { DeliveryRow } from '@gossamer/store';
import type { WebhookBook } from './book.ts';
import type { Disabled } from './record.ts';
import type { Webhook } from './webhook.ts';

const REASONS: Record<Disabled, string> = {
  'switched-off': 'it was switched off',
  gone: 'its receiver answered 410 (Gone): it wants nothing more',
  failed: 'several deliveries in a row failed for good',
};

const reasonOf = (book: WebhookBook, webhook: Webhook): string | null => {
  if (!book.isOwned(webhook)) return 'the API key that registered it was revoked or has expired';
  const { disabled } = webhook.record;
  return disabled === null ? null : REASONS[disabled];
};

export const webhookView = (book: WebhookBook, webhook: Webhook): WebhookView => {
  const { id, name, url, events, provisional, job, owner, failures, createdAt } = webhook.record;
  return {
    id,
    name,
    url,
    events,
    provisional,
    job: job?.id ?? null,
    owner,
    ownerName: book.ownerName(webhook),
    state: book.isActive(webhook) ? 'active' : 'disabled',
    reason: reasonOf(book, webhook),
    failures,
    createdAt,
  };
};

export const deliveryView = ({ jobs }: Scheduler, delivery: DeliveryRow): DeliveryView => {
  const { id, type, job, at, state, dueAt, tries } = delivery;
  const found = job === null ? undefined : jobs.get(job);
  return {
    id: DeliveryId.parse(id),
    type: WebhookEventType.parse(type),
    job: found === undefined ? null : JobId.parse(found.spec.id),
    at,
    state,
    dueAt,
    tries,
  };
};
