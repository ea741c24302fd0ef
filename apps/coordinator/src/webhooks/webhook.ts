import type { WebhookStore } from '@gossamer/store';
import { newLane } from './lane.ts';
import type { Lane } from './lane.ts';
import type { WebhookRecord } from './record.ts';
import { rowOf } from './record.ts';

/** A webhook with its queues. Its record is what is on disk. */
export class Webhook {
  record: WebhookRecord;
  /** Queues that may have something to do, by their keys: those of jobs that ended, and were told of, are none. */
  readonly lanes = new Map<string, Lane>();
  /** Those that wait for their turn, in its order. */
  readonly ready = new Set<Lane>();
  /** Numbers of jobs of which nothing more is told. */
  readonly done = new Set<number>();
  running = 0;
  isRemoved = false;
  #changed: Promise<unknown> = Promise.resolve();

  constructor(record: WebhookRecord) {
    this.record = record;
  }

  laneOf(job: number): Lane {
    const key = String(job);
    const lane = this.lanes.get(key) ?? newLane(job);
    this.lanes.set(key, lane);
    return lane;
  }

  /** Whether it may tell of a job of this number, whoever submitted that. */
  follows(job: number): boolean {
    if (this.done.has(job)) return false;
    const { job: only, firstJob } = this.record;
    return (only === null || only.number === job) && (job >= firstJob || this.lanes.has(String(job)));
  }

  /** Deliveries by hand that are under way. */
  byHand(): number {
    return [...this.lanes.values()].filter(({ job }) => job === null).length;
  }

  /** Changes the record, one change after the other: what is written is the change of what was written before. */
  async change(
    make: (record: WebhookRecord) => WebhookRecord,
    write: (row: ReturnType<typeof rowOf>) => ReturnType<WebhookStore['put']>,
  ): Promise<void> {
    const done = this.#changed.then(async () => {
      if (this.isRemoved) return;
      const changed = make(this.record);
      await write(rowOf(changed));
      this.record = changed;
    });
    this.#changed = done.catch(() => undefined);
    await done;
  }
}
