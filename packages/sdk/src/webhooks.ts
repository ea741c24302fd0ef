import {
  DeliveryId,
  DeliveryView,
  WebhookCreated,
  WebhookId,
  type WebhookPatch,
  type WebhookSpecInput,
  WebhookView,
} from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { pages, type Signalled } from './pages.ts';
import { tolerant } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** Webhooks: one's own; of every key for an operator's. Receivers read what comes with `readWebhook`. */
export class Webhooks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Page after page as they are taken. */
  list({ signal }: Signalled = {}): AsyncGenerator<WebhookView> {
    return pages(this.#transport, WebhookView, { path: '/v1/webhooks', signal });
  }

  async get(id: string, { signal }: Signalled = {}): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { path: pathOf(id), signal });
  }

  /** The answer holds the secret, which is shown this once. */
  create(spec: WebhookSpecInput, { signal }: Signalled = {}): Promise<WebhookCreated> {
    const call = { method: 'POST', path: '/v1/webhooks', json: spec, signal, once: true } as const;
    return this.#transport.json(tolerant(WebhookCreated), call);
  }

  /** Changes what is named; `active` switches it off, or on again. */
  async change(id: string, patch: WebhookPatch, { signal }: Signalled = {}): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { method: 'PATCH', path: pathOf(id), json: patch, signal });
  }

  /** With its secret and its deliveries. */
  async delete(id: string, { signal }: Signalled = {}): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { method: 'DELETE', path: pathOf(id), signal });
  }

  /** Gives it a new secret, shown this once; the old one signs along for 24 hours. */
  async rotate(id: string, { signal }: Signalled = {}): Promise<WebhookCreated> {
    return this.#transport.json(tolerant(WebhookCreated), {
      method: 'POST',
      path: `${pathOf(id)}/rotate`,
      signal,
      once: true,
    });
  }

  /** Has a `webhook.test` sent. */
  async test(id: string, { signal }: Signalled = {}): Promise<DeliveryView> {
    return this.#transport.json(tolerant(DeliveryView), {
      method: 'POST',
      path: `${pathOf(id)}/test`,
      signal,
      once: true,
    });
  }

  /** What was sent and is to be sent, the newest first, page after page as they are taken. */
  async *deliveries(id: string, { signal }: Signalled = {}): AsyncGenerator<DeliveryView> {
    yield* pages(this.#transport, DeliveryView, { path: `${pathOf(id)}/deliveries`, signal });
  }

  /** Sends one that is over once more, under the same id. */
  async redeliver(id: string, delivery: string, { signal }: Signalled = {}): Promise<DeliveryView> {
    const path = `${pathOf(id)}/deliveries/${idOfDelivery(delivery)}/redeliver`;
    return this.#transport.json(tolerant(DeliveryView), { method: 'POST', path, signal, once: true });
  }
}

const pathOf = (id: string): string =>
  `/v1/webhooks/${readId(WebhookId, 'webhook-unknown', id, "a webhook's id; it looks like hook_0190…")}`;

const idOfDelivery = (id: string): string =>
  readId(DeliveryId, 'delivery-unknown', id, "a delivery's id; it looks like msg_0190…");
