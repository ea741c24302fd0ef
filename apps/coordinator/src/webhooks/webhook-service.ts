import type { Job } from '@gossamer/core';
import { isOver } from '@gossamer/core';
import type {
  DeliveryId,
  DeliveryView,
  JobId,
  KeyId,
  Page,
  WebhookCreated,
  WebhookPatch,
  WebhookSpec,
  WebhookView,
} from '@gossamer/protocol';
import { LIMITS, ProblemError, uuidv7, WebhookId } from '@gossamer/protocol';
import type { WebhookCursor, WebhookStore } from '@gossamer/store';
import { randomBytes } from 'node:crypto';
import type { Caller, PageRequest } from '../caller.ts';
import type { GridWebhooks } from '../grid-webhooks.ts';
import { asProblem } from '../runtime/committer.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { page } from '../service/pages.ts';
import type { WebhookBook } from './book.ts';
import type { Dispatcher } from './dispatcher.ts';
import { BEGINNING } from './lane.ts';
import type { WebhookLimits } from './limits.ts';
import type { WebhookRecord } from './record.ts';
import { rowOf } from './record.ts';
import { newSecret, rotated } from './secrets.ts';
import type { Resolve } from './targets/resolve.ts';
import { requireReachable } from './targets/resolve.ts';
import type { TargetRule } from './targets/target.ts';
import { parseTarget } from './targets/target.ts';
import { deliveryView, webhookView } from './views.ts';
import { Webhook } from './webhook.ts';

export interface WebhookParts {
  runtime: Runtime;
  grid: GridLog;
  store: WebhookStore;
  book: WebhookBook;
  dispatcher: Dispatcher;
  rule: TargetRule;
  resolve: Resolve;
  limits: WebhookLimits;
}

const isId = (text: string | undefined, schema: typeof WebhookId): boolean => schema.safeParse(text).success;

/** A disk that is full is told as such, and whatever else keeps something from being written as unavailable. */
const written = async <Value>(write: Promise<Value>): Promise<Value> => {
  try {
    return await write;
  } catch (error) {
    throw asProblem(error);
  }
};

/** Webhooks of submitters: it finds the webhook, asks who may, and passes on. */
export class WebhookService implements GridWebhooks {
  readonly #parts: WebhookParts;
  /** By key: those that are being made. */
  readonly #making = new Map<KeyId, number>();

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  list(caller: Caller, { after, limit }: PageRequest): Page<WebhookView> {
    if (after !== undefined && !isId(after, WebhookId)) throw new ProblemError('cursor-invalid', after);
    const { book } = this.#parts;
    const visible = [...book.all()]
      .filter((webhook) => this.#isVisible(caller, webhook) && (after === undefined || webhook.record.id > after))
      .sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
    return page(
      visible,
      limit,
      (webhook) => webhookView(book, webhook),
      ({ record }) => record.id,
    );
  }

  get(caller: Caller, id: WebhookId): WebhookView {
    return webhookView(this.#parts.book, this.#find(caller, id));
  }

  async create(caller: Caller, spec: WebhookSpec): Promise<WebhookCreated> {
    const { book, limits } = this.#parts;
    const making = this.#making.get(caller.key) ?? 0;
    if (book.of(caller.key).size + making >= limits.webhooks) {
      throw new ProblemError('webhook-limit', `a key may have ${limits.webhooks} webhooks`);
    }
    this.#making.set(caller.key, making + 1);
    try {
      return await this.#create(caller, spec);
    } finally {
      const left = this.#making.get(caller.key)! - 1;
      if (left === 0) this.#making.delete(caller.key);
      else this.#making.set(caller.key, left);
    }
  }

  async patch(caller: Caller, id: WebhookId, { active, url, ...fields }: WebhookPatch): Promise<WebhookView> {
    const { book, store, dispatcher } = this.#parts;
    const webhook = this.#find(caller, id);
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    const target = url === undefined ? {} : { url: await this.#checked(url) };
    if (active === true && !book.isOwned(webhook)) {
      throw new ProblemError('webhook-disabled', 'the API key that registered it was revoked or has expired');
    }
    const make = (record: WebhookRecord): WebhookRecord => {
      const state =
        active === undefined
          ? {}
          : active
            ? { disabled: null, failures: 0 }
            : { disabled: record.disabled ?? ('switched-off' as const) };
      return { ...record, ...given, ...target, ...state };
    };
    await written(webhook.change(make, (row) => store.put(row)));
    dispatcher.wake(webhook);
    return webhookView(book, webhook);
  }

  async remove(caller: Caller, id: WebhookId): Promise<WebhookView> {
    const { book, store } = this.#parts;
    const webhook = this.#find(caller, id);
    const view = webhookView(book, webhook);
    await written(store.remove(id));
    book.remove(webhook);
    return view;
  }

  async rotate(caller: Caller, id: WebhookId): Promise<WebhookCreated> {
    const { book, store, runtime } = this.#parts;
    const webhook = this.#find(caller, id);
    const secret = newSecret();
    const make = (record: WebhookRecord) => ({ ...record, secrets: rotated(record.secrets, secret, runtime.now()) });
    await written(webhook.change(make, (row) => store.put(row)));
    return { ...webhookView(book, webhook), secret };
  }

  async test(caller: Caller, id: WebhookId): Promise<DeliveryView> {
    const webhook = this.#findActive(caller, id);
    return this.#deliveryView(await written(this.#parts.dispatcher.test(webhook)));
  }

  async deliveries(caller: Caller, id: WebhookId, { after, limit }: PageRequest): Promise<Page<DeliveryView>> {
    this.#find(caller, id);
    if (after !== undefined && !/^msg_[0-9a-f-]{36}$/.test(after)) throw new ProblemError('cursor-invalid', after);
    // One more than is shown tells whether there are more.
    const rows = await written(this.#parts.store.deliveries(id, after ?? null, limit + 1));
    return page(
      rows,
      limit,
      (row) => this.#deliveryView(row),
      (row) => row.id,
    );
  }

  async redeliver(caller: Caller, id: WebhookId, delivery: DeliveryId): Promise<DeliveryView> {
    const { store, dispatcher, runtime } = this.#parts;
    const webhook = this.#findActive(caller, id);
    const row = await written(store.delivery(delivery));
    const isGone = row !== null && row.job !== null && !runtime.scheduler.jobs.has(row.job);
    if (row === null || row.webhook !== id || isGone) throw new ProblemError('delivery-unknown', delivery);
    if (row.state === 'pending' || webhook.lanes.has(delivery)) throw new ProblemError('delivery-pending', delivery);
    return this.#deliveryView(await written(dispatcher.repeat(webhook, row)));
  }

  async #create(caller: Caller, spec: WebhookSpec): Promise<WebhookCreated> {
    const { runtime, grid, store, book, dispatcher } = this.#parts;
    const { name, events, provisional } = spec;
    const job = spec.job === null ? null : { id: spec.job, number: this.#jobOf(caller, spec.job).number };
    const url = await this.#checked(spec.url);
    await runtime.settled();
    const now = runtime.now();
    const secret = newSecret();
    const webhook = new Webhook({
      id: WebhookId.parse(`hook_${uuidv7(now, randomBytes(10))}`),
      owner: caller.key,
      name,
      url,
      events,
      provisional,
      job,
      firstJob: spec.from === 'start' ? 0 : grid.state.lastJob + 1,
      createdAt: now,
      secrets: [{ secret, until: null }],
      disabled: null,
      failures: 0,
    });
    const cursors = spec.from === 'start' ? [] : this.#cursorsNow(webhook);
    await written(store.put(rowOf(webhook.record), cursors));
    for (const { job: number, fact, unit } of cursors) webhook.laneOf(number).position = { fact, unit };
    book.add(webhook);
    dispatcher.wake(webhook);
    return { ...webhookView(book, webhook), secret };
  }

  /** Of jobs that are not over, after all that has happened; of those that are being made, at their beginning. */
  #cursorsNow(webhook: Webhook): WebhookCursor[] {
    const { runtime, book, grid } = this.#parts;
    const { id, job: only } = webhook.record;
    const cursors: WebhookCursor[] = [];
    for (const number of only === null ? grid.state.jobNumbers.values() : []) {
      if (!runtime.scheduler.jobs.has(number) && !grid.state.deleted.has(number))
        cursors.push({ webhook: id, job: number, ...BEGINNING, ended: false });
    }
    for (const job of runtime.scheduler.jobs.values()) {
      const isMeant = (only === null || only.number === job.number) && book.sees(webhook, job);
      if (!isMeant || isOver(job)) continue;
      const fact = runtime.factOf(job.number);
      cursors.push({ webhook: id, job: job.number, fact, unit: LIMITS.units, ended: false });
    }
    return cursors;
  }

  async #checked(text: string): Promise<string> {
    const { rule, resolve } = this.#parts;
    const url = parseTarget(text, rule);
    await requireReachable(url, rule, resolve);
    return url.href;
  }

  #deliveryView(row: Parameters<typeof deliveryView>[1]): DeliveryView {
    return deliveryView(this.#parts.runtime.scheduler, row);
  }

  #jobOf(caller: Caller, id: JobId): Job {
    const { grid, runtime } = this.#parts;
    const job = runtime.scheduler.jobs.get(grid.state.jobNumbers.get(id) ?? 0);
    if (job === undefined || (caller.role !== 'operator' && job.spec.submitter !== caller.key)) {
      throw new ProblemError('job-unknown', id);
    }
    return job;
  }

  #isVisible(caller: Caller, { record }: Webhook): boolean {
    return caller.role === 'operator' || record.owner === caller.key;
  }

  #find(caller: Caller, id: WebhookId): Webhook {
    const webhook = this.#parts.book.get(id);
    if (webhook === undefined || !this.#isVisible(caller, webhook)) throw new ProblemError('webhook-unknown', id);
    return webhook;
  }

  /** For a delivery by hand. */
  #findActive(caller: Caller, id: WebhookId): Webhook {
    const { book, limits } = this.#parts;
    const webhook = this.#find(caller, id);
    if (!book.isActive(webhook))
      throw new ProblemError('webhook-disabled', webhookView(book, webhook).reason ?? undefined);
    if (webhook.byHand() >= limits.byHand) {
      throw new ProblemError('webhook-limit', `${limits.byHand} deliveries by hand are under way`);
    }
    return webhook;
  }
}
