import { StoreClosed } from '../errors.ts';
import type { DeliveryRow, WebhookCursor, WebhookImage, WebhookRow, WebhookStore } from '../webhook-store.ts';

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);

/** The contract, without the disk. */
export class MemoryWebhookStore implements WebhookStore {
  readonly #webhooks = new Map<string, WebhookRow>();
  readonly #cursors = new Map<string, WebhookCursor>();
  readonly #deliveries = new Map<string, DeliveryRow>();
  #closed = false;

  async load(): Promise<WebhookImage> {
    this.#open();
    const pending = [...this.#deliveries.values()].filter(({ state }) => state === 'pending').sort(byId);
    return structuredClone({
      webhooks: [...this.#webhooks.values()].sort(byId),
      cursors: [...this.#cursors.values()],
      pending,
    });
  }

  async put(webhook: WebhookRow, cursors: readonly WebhookCursor[] = []): Promise<void> {
    this.#open();
    this.#webhooks.set(webhook.id, { ...webhook });
    for (const cursor of cursors) this.#move(cursor);
  }

  async remove(webhook: string): Promise<void> {
    this.#open();
    this.#webhooks.delete(webhook);
    for (const [key, cursor] of this.#cursors) if (cursor.webhook === webhook) this.#cursors.delete(key);
    for (const [id, delivery] of this.#deliveries) if (delivery.webhook === webhook) this.#deliveries.delete(id);
  }

  async begin(delivery: DeliveryRow, cursor: WebhookCursor | null): Promise<void> {
    this.#open();
    if (!this.#webhooks.has(delivery.webhook)) return;
    this.#deliveries.set(delivery.id, structuredClone(delivery));
    if (cursor !== null) this.#move(cursor);
  }

  async move(cursor: WebhookCursor): Promise<void> {
    this.#open();
    this.#move(cursor);
  }

  async settle(delivery: DeliveryRow, webhook: WebhookRow | null, keep: number): Promise<void> {
    this.#open();
    if (!this.#deliveries.has(delivery.id)) return;
    this.#deliveries.set(delivery.id, structuredClone(delivery));
    if (webhook !== null) this.#webhooks.set(webhook.id, { ...webhook });
    const over = [...this.#deliveries.values()]
      .filter(({ webhook: of, state }) => of === delivery.webhook && state !== 'pending')
      .sort(byId);
    for (const { id } of over.slice(0, Math.max(0, over.length - keep))) this.#deliveries.delete(id);
  }

  async forget(job: number): Promise<void> {
    this.#open();
    for (const [key, cursor] of this.#cursors) if (cursor.job === job) this.#cursors.delete(key);
    for (const [id, delivery] of this.#deliveries) if (delivery.job === job) this.#deliveries.delete(id);
  }

  async delivery(id: string): Promise<DeliveryRow | null> {
    this.#open();
    return structuredClone(this.#deliveries.get(id) ?? null);
  }

  async deliveries(webhook: string, before: string | null, limit: number): Promise<DeliveryRow[]> {
    this.#open();
    const rows = [...this.#deliveries.values()].filter(
      ({ webhook: of, id }) => of === webhook && (before === null || id < before),
    );
    return structuredClone(rows.sort(byId).reverse().slice(0, limit));
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #move(cursor: WebhookCursor): void {
    if (this.#webhooks.has(cursor.webhook)) this.#cursors.set(`${cursor.webhook} ${cursor.job}`, { ...cursor });
  }

  #open(): void {
    if (this.#closed) throw new StoreClosed('the store of webhooks is closed');
  }
}
