import type { Job, Scheduler } from '@gossamer/core';
import type { WebhookEvent, WebhookResult } from '@gossamer/protocol';
import { JobId, WebhookId } from '@gossamer/protocol';
import type { DeliveryRow, Position } from '@gossamer/store';
import type { Item, JobChanges } from '../queries/job-changes.ts';
import { cursorOf } from '../queries/queries.ts';

interface BodyParts {
  scheduler: Scheduler;
  changes: JobChanges;
  publicUrl: () => string;
}

/** Makes the text that is sent: from the log, so that each try has the same. */
export class Bodies {
  readonly #parts: BodyParts;

  constructor(parts: BodyParts) {
    this.#parts = parts;
  }

  async of(delivery: DeliveryRow): Promise<string> {
    const event = await this.#event(delivery);
    return JSON.stringify(event);
  }

  async #event({ type, webhook, job: number, at, from, upto }: DeliveryRow): Promise<WebhookEvent> {
    const timestamp = new Date(at).toISOString();
    const { scheduler, changes } = this.#parts;
    const job = number === null ? undefined : scheduler.jobs.get(number);
    if (type === 'webhook.test') return { type, timestamp, data: { webhook: WebhookId.parse(webhook) } };
    if (job === undefined) throw new Error(`job ${number} of a delivery is not there`);
    const named = { job: JobId.parse(job.spec.id), jobName: job.spec.name };
    const { total } = job;
    const units = { total, validated: job.counts.validated, failed: job.counts.failed };
    const reason = job.order.kind === 'run' ? '' : job.order.reason;
    switch (type) {
      case 'job.completed':
        return { type, timestamp, data: { ...named, ...(await this.#endOf(job, upto)) } };
      case 'job.cancelled':
        return { type, timestamp, data: { ...named, units, reason } };
      case 'job.held':
      case 'job.released': {
        const [order] = await changes.read(job.number, type === 'job.held' ? 'held' : 'released', from, upto);
        return {
          type,
          timestamp,
          data: { ...named, reason: order !== undefined && 'error' in order ? order.error! : '' },
        };
      }
      case 'results.revoked': {
        const items = await changes.read(job.number, 'reopened', from, upto);
        return { type, timestamp, data: { ...named, units: items.map(({ unit }) => unit), cursor: cursorOf(upto) } };
      }
      case 'results.added':
      case 'results.provisional': {
        const items = await changes.read(job.number, type === 'results.added' ? 'final' : 'provisional', from, upto);
        const results = items.map((item) => this.#result(named.job, item));
        return { type, timestamp, data: { ...named, results, cursor: cursorOf(upto) } };
      }
      default:
        throw new Error(`a delivery is of an unknown type: ${type}`);
    }
  }

  /** With what the job was complete when that was to be told: it may have been retried since. */
  async #endOf(job: Job, { fact }: Position) {
    const before = job.counts.retries === 0 ? [] : await this.#parts.changes.retries(job.number, fact);
    const { at, validated, failed } = job.ends.find(({ retries }) => retries === before.length) ?? job.ends.at(-1)!;
    return { units: { total: job.total, validated, failed }, completedAt: at };
  }

  #result(job: JobId, item: Item): WebhookResult {
    const { unit } = item;
    if ('size' in item) {
      return { unit, size: item.size, href: `${this.#parts.publicUrl()}/v1/jobs/${job}/units/${unit}/result` };
    }
    return item;
  }
}
