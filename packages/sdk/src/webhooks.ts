import {
  DeliveryId,
  DeliveryView,
  type Page,
  WebhookCreated,
  WebhookId,
  type WebhookPatch,
  type WebhookSpecInput,
  WebhookView,
} from '@gossamer/protocol';
import { readId } from './read-id.ts';
import { tolerant, tolerantPage } from './tolerant.ts';
import type { Transport } from './transport.ts';

/** Webhooks: one's own; of every key for an operator's. Receivers read what comes with `readWebhook`. */
export class Webhooks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Page after page as they are taken. */
  async *list(): AsyncGenerator<WebhookView> {
    let after: string | undefined;
    do {
      const call = { path: '/v1/webhooks', query: { after } };
      const page: Page<WebhookView> = await this.#transport.json(tolerantPage(WebhookView), call);
      yield* page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  async get(id: string): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { path: pathOf(id) });
  }

  /** The answer holds the secret, which is shown this once. */
  create(spec: WebhookSpecInput): Promise<WebhookCreated> {
    const call = { method: 'POST', path: '/v1/webhooks', json: spec, once: true } as const;
    return this.#transport.json(tolerant(WebhookCreated), call);
  }

  /** Changes what is named; `active` switches it off, or on again. */
  async change(id: string, patch: WebhookPatch): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { method: 'PATCH', path: pathOf(id), json: patch });
  }

  /** With its secret and its deliveries. */
  async delete(id: string): Promise<WebhookView> {
    return this.#transport.json(tolerant(WebhookView), { method: 'DELETE', path: pathOf(id) });
  }

  /** Gives it a new secret, shown this once; the old one signs along for 24 hours. */
  async rotate(id: string): Promise<WebhookCreated> {
    return this.#transport.json(tolerant(WebhookCreated), { method: 'POST', path: `${pathOf(id)}/rotate`, once: true });
  }

  /** Has a `webhook.test` sent. */
  async test(id: string): Promise<DeliveryView> {
    return this.#transport.json(tolerant(DeliveryView), { method: 'POST', path: `${pathOf(id)}/test`, once: true });
  }

  /** What was sent and is to be sent, the newest first, page after page as they are taken. */
  async *deliveries(id: string): AsyncGenerator<DeliveryView> {
    let after: string | undefined;
    do {
      const call = { path: `${pathOf(id)}/deliveries`, query: { after } };
      const page: Page<DeliveryView> = await this.#transport.json(tolerantPage(DeliveryView), call);
      yield* page.items;
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  /** Sends one that is over once more, under the same id. */
  async redeliver(id: string, delivery: string): Promise<DeliveryView> {
    const path = `${pathOf(id)}/deliveries/${idOfDelivery(delivery)}/redeliver`;
    return this.#transport.json(tolerant(DeliveryView), { method: 'POST', path, once: true });
  }
}

const pathOf = (id: string): string =>
  `/v1/webhooks/${readId(WebhookId, 'webhook-unknown', id, "a webhook's id; it looks like hook_0190…")}`;

const idOfDelivery = (id: string): string =>
  readId(DeliveryId, 'delivery-unknown', id, "a delivery's id; it looks like msg_0190…");
