import { JobId, KeyId, WebhookId, WebhookSubscription } from '@gossamer/protocol';
import type { WebhookRow } from '@gossamer/store';
import { z } from 'zod';

/** Why a webhook sends nothing, as its owner or what happened has decided. */
const Disabled = z.enum(['switched-off', 'gone', 'failed']);
export type Disabled = z.infer<typeof Disabled>;

const Record = z.object({
  id: WebhookId,
  /** An API key's. */
  owner: KeyId,
  name: z.string(),
  url: z.string(),
  events: z.array(WebhookSubscription),
  provisional: z.boolean(),
  /** Of this job alone; null: of all that its owner sees. */
  job: z.object({ id: JobId, number: z.int() }).nullable(),
  /** Jobs before this number are followed only where there is a cursor. */
  firstJob: z.int(),
  createdAt: z.int(),
  secrets: z.array(z.object({ secret: z.string(), until: z.int().nullable() })),
  disabled: Disabled.nullable(),
  /** Deliveries that failed for good since the last one that succeeded. */
  failures: z.int(),
});

/** All that is kept of a webhook, but for how far it was told. */
export type WebhookRecord = z.infer<typeof Record>;

export const readRecord = ({ record }: WebhookRow): WebhookRecord => Record.parse(JSON.parse(record));

export const rowOf = (record: WebhookRecord): WebhookRow => ({ id: record.id, record: JSON.stringify(record) });
