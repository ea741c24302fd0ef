import { z } from 'zod';
import { DeliveryId, JobId, KeyId, WebhookId } from '../ids.ts';
import { WebhookEventType } from './webhook-event.ts';

/** Events that a webhook names; those of provisional results come with `provisional`. */
export const WebhookSubscription = z.enum([
  'job.completed',
  'job.cancelled',
  'job.held',
  'job.released',
  'results.added',
]);
export type WebhookSubscription = z.infer<typeof WebhookSubscription>;

const Name = z.string().trim().min(1).max(100);
/** What it may be is said by the coordinator, with codes of its own. */
const Url = z.string().trim().min(1).max(2048);
const Events = z
  .array(WebhookSubscription)
  .min(1)
  .max(WebhookSubscription.options.length)
  .refine((events) => new Set(events).size === events.length, { message: 'expected each event once' });

export const WebhookSpec = z.strictObject({
  name: Name,
  url: Url,
  events: Events.default(['job.completed', 'job.cancelled', 'results.added']),
  /** Tell of results that are accepted for now, too, and of those that no longer stand. */
  provisional: z.boolean().default(false),
  /** Of this job alone; null: of all that its key sees. */
  job: JobId.nullable().default(null),
  /** `start`: what its jobs have done before is told, too. */
  from: z.enum(['now', 'start']).default('now'),
});
export type WebhookSpec = z.infer<typeof WebhookSpec>;
export type WebhookSpecInput = z.input<typeof WebhookSpec>;

/** What is left out stays as it is. Events that are new are told from the last one that it was told of. */
export const WebhookPatch = z.strictObject({
  name: Name.optional(),
  url: Url.optional(),
  events: Events.optional(),
  provisional: z.boolean().optional(),
  /** false: send nothing; true: go on with what was not told. */
  active: z.boolean().optional(),
});
export type WebhookPatch = z.infer<typeof WebhookPatch>;

export const WebhookView = z.strictObject({
  id: WebhookId,
  name: z.string(),
  url: z.string(),
  events: z.array(WebhookSubscription),
  provisional: z.boolean(),
  job: JobId.nullable(),
  /** The API key that registered it. */
  owner: KeyId,
  ownerName: z.string(),
  state: z.enum(['active', 'disabled']),
  /** In words, why it is disabled. */
  reason: z.string().nullable(),
  /** Deliveries that failed for good since the last one that succeeded. */
  failures: z.int(),
  /** ms since 1970. */
  createdAt: z.int(),
});
export type WebhookView = z.infer<typeof WebhookView>;

/** The only answers that hold a webhook's secret, `whsec_` and base64: when it is made, and when the secret is replaced. */
export const WebhookCreated = z.strictObject({ ...WebhookView.shape, secret: z.string() });
export type WebhookCreated = z.infer<typeof WebhookCreated>;

export const DeliveryTryView = z.strictObject({
  /** ms since 1970. */
  at: z.int(),
  /** HTTP status; null where no answer came. */
  status: z.int().nullable(),
  durationMs: z.int(),
  /** In words, why it did not succeed. */
  error: z.string().nullable(),
});
export type DeliveryTryView = z.infer<typeof DeliveryTryView>;

export const DeliveryView = z.strictObject({
  id: DeliveryId,
  type: WebhookEventType,
  job: JobId.nullable(),
  /** When it was made, ms since 1970. */
  at: z.int(),
  state: z.enum(['pending', 'succeeded', 'failed']),
  /** When it is tried next; null once it is over. */
  dueAt: z.int().nullable(),
  /** The newest tries, oldest first. */
  tries: z.array(DeliveryTryView),
});
export type DeliveryView = z.infer<typeof DeliveryView>;
