import type { DeliveryRow, WebhookCursor, WebhookImage, WebhookRow, WebhookStore } from '../../webhook-store.ts';
import { ThreadClient } from '../thread/thread-client.ts';
import { threadUrl } from '../thread/thread-url.ts';
import type { WebhooksRequest } from './messages.ts';

/**
 * Webhooks in an SQLite file of their own, in a thread of its own. Unlike the read model nothing of it comes again from
 * elsewhere. Throws StorageFull when there is no room, SchemaTooNew when a newer program wrote it.
 */
export class SqliteWebhookStore implements WebhookStore {
  readonly #thread: ThreadClient;

  private constructor(thread: ThreadClient) {
    this.#thread = thread;
  }

  static async open(path: string): Promise<SqliteWebhookStore> {
    return new SqliteWebhookStore(await ThreadClient.start(threadUrl('./webhooks-thread', import.meta.url), path));
  }

  load(): Promise<WebhookImage> {
    return this.#ask({ kind: 'load' });
  }

  put(webhook: WebhookRow, cursors: readonly WebhookCursor[] = []): Promise<void> {
    return this.#ask({ kind: 'put', webhook, cursors });
  }

  remove(webhook: string): Promise<void> {
    return this.#ask({ kind: 'remove', webhook });
  }

  begin(delivery: DeliveryRow, cursor: WebhookCursor | null): Promise<void> {
    return this.#ask({ kind: 'begin', delivery, cursor });
  }

  move(cursor: WebhookCursor): Promise<void> {
    return this.#ask({ kind: 'move', cursor });
  }

  settle(delivery: DeliveryRow, webhook: WebhookRow | null, keep: number): Promise<void> {
    return this.#ask({ kind: 'settle', delivery, webhook, keep });
  }

  forget(job: number): Promise<void> {
    return this.#ask({ kind: 'forget', job });
  }

  delivery(id: string): Promise<DeliveryRow | null> {
    return this.#ask({ kind: 'delivery', id });
  }

  deliveries(webhook: string, before: string | null, limit: number): Promise<DeliveryRow[]> {
    return this.#ask({ kind: 'deliveries', webhook, before, limit });
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #ask<Value>(request: WebhooksRequest): Promise<Value> {
    return this.#thread.call<Value>(request);
  }
}
