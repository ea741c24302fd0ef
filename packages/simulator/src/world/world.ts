import type { JudgementRequest } from '@gossamer/core';
import { EventQueue } from '../events/event-queue.ts';
import type { CoordinatorOptions } from '../grid/coordinator.ts';
import { Coordinator } from '../grid/coordinator.ts';
import type { JobPlan, SimJob } from '../grid/sim-job.ts';
import type { Visit } from '../population/crowd.ts';
import { Crowd } from '../population/crowd.ts';
import type { Streams } from '../random/streams.ts';
import { streamsOf } from '../random/streams.ts';
import { EVENT } from './events.ts';
import type { WorldPlan } from './plan.ts';
import type { Tab } from './tab.ts';

/** What is added to the core: another rule for adaptive jobs, and those who follow what happens. */
export type Additions = Pick<CoordinatorOptions, 'rule' | 'watchers'>;

/**
 * A grid in virtual time: the real core, a crowd of devices around it, and a network between them. Everything follows
 * from the plan and the seed. Times are ms from the beginning. What happens in it is in `run.ts`.
 */
export class World {
  readonly plan: WorldPlan;
  readonly seed: number;
  readonly streams: Streams;
  readonly queue = new EventQueue();
  readonly coordinator: Coordinator;
  readonly crowd: Crowd;
  /** By a person's number; by a device's. */
  readonly tabs: Tab[] = [];
  readonly tabOfDevice: Tab[] = [];
  /** The one who comes next. */
  upcoming: Visit;
  now = 0;
  lastDevice = 0;
  /** Parked tabs are about to be served. */
  wakes = false;
  /** Events so far. */
  events = 0;
  #lastStamp = 0;
  readonly #asked: JudgementRequest[] = [];
  #answered = 0;

  constructor(plan: WorldPlan, seed: number, make?: (chance: () => number) => Additions) {
    this.plan = plan;
    this.seed = seed;
    this.streams = streamsOf(seed);
    const { core } = this.streams;
    const { timing, keepLog, checkEveryStep } = plan;
    const chance = () => core.next();
    this.coordinator = new Coordinator({ timing, keepLog, checkEveryStep, chance, ...make?.(chance) });
    this.crowd = new Crowd(plan.crowd, this.streams.arrivals, this.streams.traits);
    this.upcoming = this.crowd.next();
    this.queue.push(this.upcoming.arrivesAt, EVENT.arrive, 0, 0);
    this.queue.push(plan.tickMs, EVENT.tick, 0, 0);
    this.queue.push(plan.checkpointMs, EVENT.checkpoint, 0, 0);
  }

  addJob(plan: JobPlan): SimJob {
    const job = this.coordinator.addJob(plan, this.now);
    this.settle();
    return job;
  }

  /** Nothing more of a job is given out. */
  hold(job: SimJob): void {
    this.coordinator.hold(job, this.now);
    this.settle();
  }

  after(delayMs: number, kind: number, subject: number, stamp: number): void {
    this.queue.push(this.now + delayMs, kind, subject, stamp);
  }

  /** A number that was not given out before, above 0. */
  stamp(): number {
    return ++this.#lastStamp;
  }

  /** Takes up what the coordinator's latest step asks for; to be called after each. */
  settle(): void {
    const { coordinator } = this;
    for (const question of coordinator.questions) {
      this.#asked.push(question);
      this.after(this.plan.verdictMs, EVENT.verdict, 0, 0);
    }
    coordinator.questions.length = 0;
    for (const device of coordinator.caught) {
      const tab = this.tabOfDevice[device]!;
      if (tab.device.number === device) tab.caught = true;
    }
    coordinator.caught.length = 0;
    if (!coordinator.woken) return;
    coordinator.woken = false;
    if (this.wakes || !coordinator.hasParked) return;
    this.wakes = true;
    this.after(this.plan.wakeMs, EVENT.wake, 0, 0);
  }

  /** The judge takes the same time for each: they are answered in the order in which they were asked. */
  nextQuestion(): JudgementRequest {
    const question = this.#asked[this.#answered++]!;
    if (this.#answered > 1024 && this.#answered * 2 > this.#asked.length) {
      this.#asked.splice(0, this.#answered);
      this.#answered = 0;
    }
    return question;
  }
}
