import type { Job, JobFact, Lease, Scheduler } from '@gossamer/core';
import { unitState } from '@gossamer/core';
import type { GridWatcher } from '../grid/watcher.ts';

/** Why a unit has another attempt after its first one. */
const CAUSE = { untouched: 0, newcomer: 1, spotCheck: 2, accepted: 3, closing: 4, dispute: 5, final: 6 } as const;

/** More than the units of a simulated job. */
const UNITS = 10_000_000;

/**
 * What the attempts of one job after each unit's first are for. An attempt counts when it returns, as what its unit
 * wanted it for then.
 */
export class Extras implements GridWatcher {
  readonly job: number;
  /** The first result was of a device that had not earned to be believed. */
  newcomers = 0;
  /** It was, and chance wanted the result checked. */
  spotChecks = 0;
  /** The result was provisional, and its device would not return enough of them to be checked on later ones. */
  closingChecks = 0;
  /** Results of the unit contradicted each other, or its device was caught. */
  disputes = 0;
  /** The unit was final already: the device was checked on it. */
  ringers = 0;
  /** The unit wanted no more: another attempt was out meanwhile, a speculative one or one that had been given up. */
  copies = 0;
  /** By unit: `CAUSE`. */
  readonly #causes: Uint8Array;
  /** Leases and units that were final when they were given out. */
  readonly #ringers = new Set<number>();

  constructor(job: number, units: number) {
    this.job = job;
    this.#causes = new Uint8Array(units);
  }

  granted(lease: Lease, scheduler: Scheduler): void {
    if (lease.job !== this.job) return;
    const job = scheduler.jobs.get(lease.job)!;
    for (const unit of lease.units)
      if (unitState(job, unit) === 'validated') this.#ringers.add(lease.number * UNITS + unit);
  }

  happened(_scheduler: Scheduler, job: Job, facts: readonly JobFact[]): void {
    if (job.number !== this.job) return;
    for (const fact of facts) {
      if (fact.kind === 'returned') for (const { unit } of fact.items) this.#returned(fact.lease, unit);
      else if (fact.kind === 'accepted') for (const { unit } of fact.items) this.#causes[unit] = CAUSE.accepted;
      else if (fact.kind === 'audited') for (const { unit } of fact.items) this.#audited(unit);
      else if (fact.kind === 'judged') {
        for (const { unit, canonical } of fact.items) if (canonical !== null) this.#causes[unit] = CAUSE.final;
      }
    }
  }

  /** A result that is checked at once was not provisional before. */
  #audited(unit: number): void {
    this.#causes[unit] = this.#causes[unit] === CAUSE.accepted ? CAUSE.closing : CAUSE.spotCheck;
  }

  #returned(lease: number, unit: number): void {
    switch (this.#causes[unit]) {
      case CAUSE.untouched:
        this.#causes[unit] = CAUSE.newcomer;
        return;
      case CAUSE.newcomer:
        this.newcomers += 1;
        this.#causes[unit] = CAUSE.dispute;
        return;
      case CAUSE.spotCheck:
        this.spotChecks += 1;
        this.#causes[unit] = CAUSE.dispute;
        return;
      case CAUSE.accepted:
        this.copies += 1;
        return;
      case CAUSE.closing:
        this.closingChecks += 1;
        this.#causes[unit] = CAUSE.dispute;
        return;
      case CAUSE.dispute:
        this.disputes += 1;
        return;
      default:
        if (this.#ringers.delete(lease * UNITS + unit)) this.ringers += 1;
        else this.copies += 1;
    }
  }
}
