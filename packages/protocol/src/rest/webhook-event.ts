import { z } from 'zod';
import { ELEMENT_TYPES } from '../exchange/payload.ts';
import { JobId, WebhookId } from '../ids.ts';

export const WebhookEventType = z.enum([
  'job.completed',
  'job.cancelled',
  'job.held',
  'job.released',
  'results.added',
  'results.provisional',
  'results.revoked',
  'webhook.test',
]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

const Job = { job: JobId, jobName: z.string() };

/** One result: `output`, `bytes` or `error`; a large one has `href` in their place. */
export const WebhookResult = z.object({
  /** Index of the unit, and so of its input. */
  unit: z.int(),
  /** JSON output, where the program returned JSON. */
  output: z.json().optional(),
  /** Where it returned bytes, or a typed array: base64. */
  bytes: z.string().optional(),
  /** Where it returned a typed array: the type of its elements, which are little-endian. */
  type: z.enum(ELEMENT_TYPES).optional(),
  /** Where the unit failed: why. */
  error: z.string().optional(),
  /** Of a large one: where to read it, with an API key; a provisional one can be read when it is final. */
  href: z.string().optional(),
  /** Of a large one: its bytes. */
  size: z.int().optional(),
});
export type WebhookResult = z.infer<typeof WebhookResult>;

const Results = z.object({
  ...Job,
  results: z.array(WebhookResult),
  /** The last one's place, as in `GET /v1/jobs/ID/results?after=`. */
  cursor: z.string(),
});

const Units = {
  /** Numbers of units. */
  units: z.object({ total: z.int(), validated: z.int(), failed: z.int() }),
};

const event = <Type extends WebhookEventType, Data extends z.ZodType>(type: Type, data: Data) =>
  z.object({
    type: z.literal(type),
    /** When it was made for the first try, ISO 8601. */
    timestamp: z.string(),
    data,
  });

/** The body of a webhook's request. Fields and types may be added later: a receiver should let them pass. */
export const WebhookEvent = z.discriminatedUnion('type', [
  event('job.completed', z.object({ ...Job, ...Units, completedAt: z.int().nullable() })),
  event('job.cancelled', z.object({ ...Job, ...Units, reason: z.string() })),
  event('job.held', z.object({ ...Job, reason: z.string() })),
  event('job.released', z.object({ ...Job, reason: z.string().default('') })),
  event('results.added', Results),
  event('results.provisional', Results),
  /** These results of units, told as provisional before, do not stand: each comes again, provisional or final. */
  event('results.revoked', z.object({ ...Job, units: z.array(z.int()), cursor: z.string() })),
  event('webhook.test', z.object({ webhook: WebhookId })),
]);
export type WebhookEvent = z.infer<typeof WebhookEvent>;
