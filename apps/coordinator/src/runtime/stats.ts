import type { JobFact, Scheduler } from '@gossamer/core';
import { readyCount } from '@gossamer/core';
import type { StatsSample } from '@gossamer/protocol';

const SAMPLE_MS = 1000;
const KEPT = 600;

/** One sample a second of what the grid does; the last ten minutes are kept, in memory. */
export class Stats {
  readonly startedAt: number;
  readonly samples: StatsSample[] = [];
  readonly #scheduler: Scheduler;
  readonly #now: () => number;
  /** Since the start. */
  validated = 0;
  returned = 0;
  #sampled = { validated: 0, returned: 0 };
  #timer: NodeJS.Timeout | null = null;

  constructor(scheduler: Scheduler, now: () => number) {
    this.#scheduler = scheduler;
    this.#now = now;
    this.startedAt = now();
  }

  /** `sampled` is called after each sample. */
  start(sampled: () => void): void {
    this.#timer = setInterval(() => {
      this.#sample();
      sampled();
    }, SAMPLE_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  count(facts: readonly JobFact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'returned') this.returned += fact.items.length;
      if (fact.kind === 'judged') {
        for (const { canonical } of fact.items) if (canonical !== null) this.validated += 1;
      }
    }
  }

  #sample(): void {
    let queue = 0;
    let leased = 0;
    for (const job of this.#scheduler.jobs.values()) {
      leased += job.leased;
      if (job.order.kind === 'run') queue += readyCount(job);
    }
    const sessions = this.#scheduler.sessions.size;
    const { validated, returned } = this;
    const counted = { validated: validated - this.#sampled.validated, returned: returned - this.#sampled.returned };
    this.samples.push({ at: this.#now(), ...counted, queue, leased, sessions });
    if (this.samples.length > KEPT) this.samples.shift();
    this.#sampled = { validated, returned };
  }
}
