import type { Job, JobFact, Lease, Scheduler, SchedulerOptions } from '@gossamer/core';
import type { GridWatcher } from '../grid/watcher.ts';
import { BoincRecord } from './boinc.ts';

type JudgedItem = Extract<JobFact, { kind: 'judged' }>['items'][number];
type Rule = ReturnType<NonNullable<SchedulerOptions['adaptiveRule']>>;

/** A lease that is out, as the rule remembers it. */
interface Grant {
  readonly device: number;
  /** Its results need no second one. */
  readonly trusted: boolean;
}

/** Results that must agree when a device is not trusted. */
const QUORUM = 2;
/** More than the units of a simulated job: a unit's key is its job's number times it, and its index. */
const UNITS = 10_000_000;

/**
 * BOINC's adaptive replication on our core: whether a device is trusted is decided when a lease is given to it, for the
 * whole of it; what it returns is final at once, or waits for a second device. The second one is asked for when the
 * first result has come, and not beforehand: that costs time, but not one attempt more or less.
 */
export class BoincRule implements GridWatcher {
  readonly record = new BoincRecord();
  readonly rule: Rule;
  readonly #chance: () => number;
  readonly #grants = new Map<number, Grant>();
  /** Leases that are out, by unit. */
  readonly #leases = new Map<number, number[]>();

  constructor(chance: () => number) {
    this.#chance = chance;
    this.rule = {
      byStanding: false,
      decide: ({ groups }, evidence) => {
        const [best] = groups;
        if (best === undefined) return { kind: 'wait' };
        const isEnough = best.length >= QUORUM || (groups.length === 1 && this.#isTrusted(evidence.lease(best[0]!)));
        return isEnough ? { kind: 'validate', group: best } : { kind: 'wait' };
      },
      need: ({ groups }) => (groups.length === 0 ? 1 : QUORUM - groups[0]!.length),
    };
  }

  granted(lease: Lease): void {
    if (this.#grants.has(lease.number)) return;
    const trusted = this.record.isTrusted(lease.device, this.#chance());
    this.#grants.set(lease.number, { device: lease.device, trusted });
    for (const unit of lease.units) {
      const key = lease.job * UNITS + unit;
      const leases = this.#leases.get(key);
      if (leases === undefined) this.#leases.set(key, [lease.number]);
      else leases.push(lease.number);
    }
  }

  happened(scheduler: Scheduler, job: Job, facts: readonly JobFact[]): void {
    for (const fact of facts) {
      if (fact.kind === 'returned')
        for (const { unit } of fact.items) this.#forget(job.number * UNITS + unit, fact.lease);
      else if (fact.kind === 'lost')
        for (const { unit } of fact.items) this.#lose(scheduler, job.number * UNITS + unit);
      else if (fact.kind === 'judged') for (const item of fact.items) this.#judged(job, item);
      else if (fact.kind === 'errored') {
        this.record.onError(fact.device);
        for (const { unit } of fact.items) this.#forget(job.number * UNITS + unit, fact.lease);
      }
    }
  }

  #judged(job: Job, { unit, canonical, verdicts }: JudgedItem): void {
    const replicated = canonical === null || verdicts.length > 1;
    for (const { ordinal, verdict } of verdicts) {
      const device = job.attempts.device[job.attempts.nth(job.units.head[unit]!, ordinal)]!;
      if (verdict === 'valid') this.record.onValid(device, replicated);
      else this.record.onInvalid(device);
    }
  }

  /** An attempt of this unit ended with nothing: those whose leases are no longer there. */
  #lose(scheduler: Scheduler, key: number): void {
    for (const lease of [...(this.#leases.get(key) ?? [])]) {
      if (scheduler.leases.has(lease)) continue;
      const grant = this.#grants.get(lease);
      if (grant !== undefined) this.record.onTimeout(grant.device);
      this.#forget(key, lease);
    }
  }

  #forget(key: number, lease: number): void {
    this.#grants.delete(lease);
    const leases = this.#leases.get(key)?.filter((other) => other !== lease) ?? [];
    if (leases.length === 0) this.#leases.delete(key);
    else this.#leases.set(key, leases);
  }

  #isTrusted(lease: number): boolean {
    return this.#grants.get(lease)?.trusted === true;
  }
}
