import type { Job } from '@gossamer/core';
import type { Position, WebhookStore } from '@gossamer/store';
import { newLane } from './lane.ts';
import type { Lane } from './lane.ts';
import type { WebhookRecord } from './record.ts';
import { rowOf } from './record.ts';

/** How far a webhook was told of a job that has ended. */
export interface Told {
  position: Position;
  /** Times that the job's failed units were retried, as of then. */
  retries: number;
}

/** A webhook with its queues. Its record is what is on disk. */
export class Webhook {
  record: WebhookRecord;
  /** Queues that may have something to do, by their keys: those of jobs that ended, and were told of, are none. */
  readonly lanes = new Map<string, Lane>();
  /** Those that wait for their turn, in its order. */
  readonly ready = new Set<Lane>();
  /** By number: jobs whose end was told. Nothing more is told of them, unless their failed units are retried. */
  readonly done = new Map<number, Told>();
  running = 0;
  isRemoved = false;
  #changed: Promise<unknown> = Promise.resolve();

  constructor(record: WebhookRecord) {
    this.record = record;
  }

  laneOf(job: number): Lane {
    const key = String(job);
    const known = this.lanes.get(key);
    if (known !== undefined) return known;
    const told = this.done.get(job);
    this.done.delete(job);
    const lane = told === undefined ? newLane(job) : { ...newLane(job, told.position), ended: true };
    this.lanes.set(key, lane);
    return lane;
  }

  /** Whether it may have something to tell of a job, whoever submitted that. */
  follows({ number, counts }: Job): boolean {
    const told = this.done.get(number);
    if (told !== undefined) return told.retries !== counts.retries;
    const { job: only, firstJob } = this.record;
    return (only === null || only.number === number) && (number >= firstJob || this.lanes.has(String(number)));
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
