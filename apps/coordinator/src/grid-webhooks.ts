import type {
  DeliveryId,
  DeliveryView,
  Page,
  WebhookCreated,
  WebhookId,
  WebhookPatch,
  WebhookSpec,
  WebhookView,
} from '@gossamer/protocol';
import type { Caller, PageRequest } from './caller.ts';

/**
 * What the REST API sees of webhooks. As in `Grid`, every method throws ProblemError, and a promise resolves only when
 * what it did is on disk. Submitters see and touch only their own webhooks (another's is `webhook-unknown`); operators all.
 */
export interface GridWebhooks {
  /** Oldest first. */
  list(caller: Caller, page: PageRequest): Page<WebhookView>;
  get(caller: Caller, id: WebhookId): WebhookView;
  create(caller: Caller, spec: WebhookSpec): Promise<WebhookCreated>;
  patch(caller: Caller, id: WebhookId, patch: WebhookPatch): Promise<WebhookView>;
  remove(caller: Caller, id: WebhookId): Promise<WebhookView>;
  /** Gives it a new secret; the old one signs along for a day. */
  rotate(caller: Caller, id: WebhookId): Promise<WebhookCreated>;
  test(caller: Caller, id: WebhookId): Promise<DeliveryView>;
  /** Newest first. */
  deliveries(caller: Caller, id: WebhookId, page: PageRequest): Promise<Page<DeliveryView>>;
  redeliver(caller: Caller, id: WebhookId, delivery: DeliveryId): Promise<DeliveryView>;
}
