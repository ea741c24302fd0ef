import type { DeliveryView, WebhookCreated, WebhookSpecInput, WebhookView } from '@gossamer/protocol';
import { Webhook } from 'standardwebhooks';
import type { Rest } from '../harness/grid.ts';
import type { Received } from './receiver.ts';

export const ANY = { GOSSAMER_WEBHOOK_TARGETS: 'any' };

/** A webhook as its owner works with it. */
export class Hook {
  readonly rest: Rest;
  readonly id: string;
  readonly secret: string;

  constructor(rest: Rest, { id, secret }: { id: string; secret: string }) {
    this.rest = rest;
    this.id = id;
    this.secret = secret;
  }

  get path(): string {
    return `/v1/webhooks/${this.id}`;
  }

  view(): Promise<WebhookView> {
    return this.rest.json('GET', this.path);
  }

  patch(patch: object): Promise<WebhookView> {
    return this.rest.json('PATCH', this.path, patch);
  }

  async deliveries(): Promise<DeliveryView[]> {
    return (await this.rest.json<{ items: DeliveryView[] }>('GET', `${this.path}/deliveries?limit=1000`)).items;
  }
}

export const register = async (rest: Rest, url: string, spec: Partial<WebhookSpecInput> = {}): Promise<Hook> =>
  new Hook(rest, await rest.json<WebhookCreated>('POST', '/v1/webhooks', { name: 'A hook', url, ...spec }));

/** By the official library, which throws what does not hold. */
export const verify = (secret: string, { body, headers }: Received): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);
