import type { DeliveryView, Page, WebhookCreated, WebhookView } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { GridWebhooks } from '../../src/grid-webhooks.ts';

/** The contract of GridWebhooks where there are none. */
export class MemoryWebhooks implements GridWebhooks {
  list(): Page<WebhookView> {
    return { items: [], next: null };
  }

  get(): WebhookView {
    throw new ProblemError('webhook-unknown');
  }

  async create(): Promise<WebhookCreated> {
    throw new ProblemError('webhook-target-forbidden');
  }

  async patch(): Promise<WebhookView> {
    return this.get();
  }

  async remove(): Promise<WebhookView> {
    return this.get();
  }

  async rotate(): Promise<WebhookCreated> {
    throw new ProblemError('webhook-unknown');
  }

  async test(): Promise<DeliveryView> {
    throw new ProblemError('webhook-unknown');
  }

  async deliveries(): Promise<Page<DeliveryView>> {
    throw new ProblemError('webhook-unknown');
  }

  async redeliver(): Promise<DeliveryView> {
    throw new ProblemError('webhook-unknown');
  }
}
