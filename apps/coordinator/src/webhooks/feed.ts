import type { Job } from '@gossamer/core';
import { isComplete } from '@gossamer/core';
import type { WebhookEventType } from '@gossamer/protocol';
import { LIMITS } from '@gossamer/protocol';
import type { Position } from '@gossamer/store';
import type { JobChanges, Told } from '../queries/job-changes.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Lane } from './lane.ts';
import type { WebhookRecord } from './record.ts';

/** What is to be told next; `type` is null where only the end is noted, of which the webhook does not want to know. */
export interface Next {
  type: WebhookEventType | null;
  upto: Position;
  ended: boolean;
}

export const EVENT_OF: Record<Told, WebhookEventType> = {
  final: 'results.added',
  provisional: 'results.provisional',
  reopened: 'results.revoked',
  held: 'job.held',
  released: 'job.released',
};

const wantedBy = ({ events, provisional }: WebhookRecord): Set<Told> => {
  const wanted = new Set<Told>();
  if (events.includes('results.added')) wanted.add('final');
  if (events.includes('job.held')) wanted.add('held');
  if (events.includes('job.released')) wanted.add('released');
  if (provisional) wanted.add('provisional').add('reopened');
  return wanted;
};

const endOf = (job: Job): 'job.completed' | 'job.cancelled' | null => {
  if (job.order.kind === 'cancelled') return 'job.cancelled';
  return isComplete(job) ? 'job.completed' : null;
};

/** Finds what a webhook is to be told of a job next: from the log, and at last that the job has ended. */
export class Feed {
  readonly #runtime: Runtime;
  readonly #changes: JobChanges;

  constructor(runtime: Runtime, changes: JobChanges) {
    this.#runtime = runtime;
    this.#changes = changes;
  }

  /** null: nothing for now. Throws ProblemError `unavailable` while it is not sure what is on disk. */
  async next(record: WebhookRecord, { job: number, position, ended }: Lane): Promise<Next | null> {
    const job = number === null ? undefined : this.#runtime.scheduler.jobs.get(number);
    if (job === undefined) return null;
    const { retries } = job.counts;
    if (ended && retries === 0) return null;
    // Looked at before the log: all that came before the end is then in it.
    const end = endOf(job);
    await this.#runtime.written();
    const last = this.#runtime.factOf(job.number);
    if (ended && !(await this.#wasRetried(job.number, last, position))) return null;
    const run = await this.#changes.next(job.number, last, position, wantedBy(record));
    if (run !== null) return { type: EVENT_OF[run.told], upto: run.upto, ended: false };
    // Retried in between, it has not ended: that is looked at next.
    if (end === null || this.#runtime.scheduler.jobs.get(job.number)?.counts.retries !== retries) return null;
    // After the end and all that came before it: a retry is told from what was told already by this place.
    return { type: record.events.includes(end) ? end : null, upto: { fact: last, unit: LIMITS.units }, ended: true };
  }

  /** Whether failed units were opened again since its end was told. */
  async #wasRetried(job: number, last: number, position: Position): Promise<boolean> {
    return (await this.#changes.retries(job, last)).some((fact) => fact > position.fact);
  }
}
