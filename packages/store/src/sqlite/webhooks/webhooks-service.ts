import type { DeliveryRow, WebhookCursor, WebhookImage, WebhookRow } from '../../webhook-store.ts';
import { asFull, type Connection } from '../connection.ts';
import type { Reply, Service } from '../thread/serve-thread.ts';
import type { WebhooksRequest } from './messages.ts';
import { openWebhooks } from './webhooks-file.ts';

const CURSORS = 'SELECT webhook, job, fact, unit, ended FROM cursor';
const PENDING = "SELECT record FROM delivery WHERE state = 'pending' ORDER BY id";
const PUT = 'INSERT INTO webhook (id, record) VALUES (?, ?) ON CONFLICT DO UPDATE SET record = excluded.record';
const UPDATE = 'UPDATE webhook SET record = ? WHERE id = ?';
const REMOVE = 'DELETE FROM webhook WHERE id = ?';
/** Of a webhook that was removed meanwhile nothing is kept. */
const MOVE =
  'INSERT OR REPLACE INTO cursor (webhook, job, fact, unit, ended) ' +
  'SELECT id, ?, ?, ?, ? FROM webhook WHERE id = ?';
const BEGIN =
  'INSERT OR REPLACE INTO delivery (webhook, id, state, record) SELECT id, ?, ?, ? FROM webhook WHERE id = ?';
const SETTLE = 'UPDATE delivery SET state = ?, record = ? WHERE webhook = ? AND id = ?';
const PRUNE =
  "DELETE FROM delivery WHERE webhook = ? AND state <> 'pending' AND id <= (SELECT id FROM delivery " +
  "WHERE webhook = ? AND state <> 'pending' ORDER BY id DESC LIMIT 1 OFFSET ?)";
const DELIVERY = 'SELECT record FROM delivery WHERE id = ?';
const DELIVERIES = 'SELECT record FROM delivery WHERE webhook = ? AND id < ? ORDER BY id DESC LIMIT ?';
/** After every id. */
const LAST = '\u{10ffff}';

interface Recorded {
  record: string;
}

type CursorRow = Omit<WebhookCursor, 'ended'> & { ended: number };

const read = ({ record }: Recorded): DeliveryRow => JSON.parse(record) as DeliveryRow;

/** The file's queries and its only writer. */
export class WebhooksService implements Service {
  readonly #path: string;
  readonly #connection: Connection;

  constructor(path: string) {
    this.#path = path;
    try {
      this.#connection = openWebhooks(path);
    } catch (error) {
      throw asFull(error, path);
    }
  }

  handle(request: WebhooksRequest): Reply {
    try {
      // Each request is one transaction.
      return { value: this.#connection.transaction(() => this.#answer(request)).immediate() };
    } catch (error) {
      throw asFull(error, this.#path);
    }
  }

  close(): void {
    this.#connection.close();
  }

  #answer(request: WebhooksRequest): unknown {
    const connection = this.#connection;
    switch (request.kind) {
      case 'load':
        return this.#load();
      case 'put':
        connection.prepare(PUT).run(request.webhook.id, request.webhook.record);
        for (const cursor of request.cursors) this.#move(cursor);
        return null;
      case 'remove':
        connection.prepare(REMOVE).run(request.webhook);
        return null;
      case 'begin': {
        const { id, state, webhook } = request.delivery;
        connection.prepare(BEGIN).run(id, state, JSON.stringify(request.delivery), webhook);
        if (request.cursor !== null) this.#move(request.cursor);
        return null;
      }
      case 'move':
        this.#move(request.cursor);
        return null;
      case 'settle': {
        const { id, state, webhook } = request.delivery;
        connection.prepare(SETTLE).run(state, JSON.stringify(request.delivery), webhook, id);
        if (request.webhook !== null) connection.prepare(UPDATE).run(request.webhook.record, request.webhook.id);
        connection.prepare(PRUNE).run(webhook, webhook, request.keep);
        return null;
      }
      case 'forget':
        connection.prepare('DELETE FROM cursor WHERE job = ?').run(request.job);
        connection.prepare("DELETE FROM delivery WHERE json_extract(record, '$.job') = ?").run(request.job);
        return null;
      case 'delivery': {
        const row = connection.prepare<[string], Recorded>(DELIVERY).get(request.id);
        return row === undefined ? null : read(row);
      }
      case 'deliveries':
        return connection
          .prepare<[string, string, number], Recorded>(DELIVERIES)
          .all(request.webhook, request.before ?? LAST, request.limit)
          .map(read);
    }
  }

  #load(): WebhookImage {
    const connection = this.#connection;
    return {
      webhooks: connection.prepare<[], WebhookRow>('SELECT id, record FROM webhook ORDER BY id').all(),
      cursors: connection
        .prepare<[], CursorRow>(CURSORS)
        .all()
        .map((row) => ({ ...row, ended: row.ended === 1 })),
      pending: connection.prepare<[], Recorded>(PENDING).all().map(read),
    };
  }

  #move({ webhook, job, fact, unit, ended }: WebhookCursor): void {
    this.#connection.prepare(MOVE).run(job, fact, unit, ended ? 1 : 0, webhook);
  }
}
