import { REPORT_STATUS } from '@gossamer/protocol';
import type { Device, ExchangeCommand, Report, Session } from '../../src/index.ts';
import { exchange, unitRow } from '../../src/index.ts';
import { leaseOf } from '../../src/scheduler/recall.ts';
import type { Given, Grid } from '../grid.ts';
import { done, overran, proved, released, threw } from '../grid.ts';
import type { Chance } from './chance.ts';
import { must } from './must.ts';

/** `liar`: each lies in its own way; `colluder`: all of them tell the same lie; `sleeper`: takes work and says nothing. */
export type Nature = 'honest' | 'liar' | 'colluder' | 'thrower' | 'sleeper';

/** The result that is right. */
export const truth = (job: number, unit: number): string => `${job}:${unit}`;

/** A device with its tab: it asks, computes, forgets, reloads, repeats itself, and comes back late. */
export class Tab {
  readonly device: Device;
  readonly nature: Nature;
  session: Session | null = null;
  /** Units that it was given although their result was known. */
  ringers = 0;
  readonly #grid: Grid;
  readonly #chance: Chance;
  /** Leases that it works on. */
  #held: Given[] = [];
  /** Reports that were not acknowledged yet. */
  #outbox: { lease: Given; report: Report }[] = [];
  /** Reports that were acknowledged, and may be sent once more by mistake. */
  readonly #sent: { lease: Given; report: Report }[] = [];

  constructor(grid: Grid, chance: Chance, device: Device, nature: Nature) {
    this.#grid = grid;
    this.#chance = chance;
    this.device = device;
    this.nature = nature;
  }

  open(): void {
    this.session = this.#grid.join(this.device.number, this.#chance.between(1, 3), this.device);
    // A reload may forget what was computed; a lost connection does not.
    if (this.#chance.happens(0.5)) this.#held = [];
    if (this.#chance.happens(0.2)) this.#outbox = [];
  }

  close(): void {
    if (this.session !== null) this.#grid.leave(this.session);
    this.session = null;
  }

  /** The coordinator went down: connections break. */
  drop(): void {
    this.session = null;
  }

  receive(leases: readonly Given[]): void {
    for (const lease of leases)
      if (!this.#held.some(({ number, epoch }) => number === lease.number && epoch === lease.epoch))
        this.#held.push(lease);
  }

  /** A new lease holds work that is of use: units that are open, and in which this device does not take part already. */
  #checkNew(leases: readonly Given[], lastLease: number): void {
    for (const { job: number, number: lease, units } of leases) {
      const job = this.#grid.scheduler.jobs.get(number)!;
      if (lease <= lastLease) continue;
      for (const unit of units) {
        const { state, attempts } = unitRow(this.#grid.scheduler, job, unit);
        // Units of an adaptive job may be ringers, whose result is known.
        must(state === 'active' || (state === 'validated' && job.spec.policy.kind === 'adaptive'), 'it is open', state);
        if (state === 'validated') this.ringers += 1;
        // A retry begins anew: who took part before it may take part again.
        const round = attempts.slice(job.before.get(unit)?.attempts ?? 0);
        const own = round.filter(({ device, state: how }) => device === this.device.number && how !== 'errored');
        if (job.independence.device) must(own.length === 1, 'it comes once', own);
      }
    }
  }

  /** Some of its leases end, in part or as a whole. */
  compute(): void {
    const chance = this.#chance;
    for (const lease of [...this.#held]) {
      if (this.nature === 'sleeper' || chance.happens(0.4)) continue;
      const whole = chance.happens(0.8);
      const runMs = chance.between(20, 1500);
      const offsets = lease.units.map((_, offset) => offset).filter(() => whole || chance.happens(0.5));
      if (whole) this.#held = this.#held.filter((other) => other !== lease);
      this.#outbox.push({ lease, report: this.#outcome(lease, offsets, runMs) });
    }
  }

  #outcome(lease: Given, offsets: number[], runMs: number): Report {
    const chance = this.#chance;
    if (chance.happens(0.06)) return released(lease);
    if (chance.happens(0.04)) return overran(lease);
    if (this.nature === 'thrower' && chance.happens(0.7)) return threw(lease, `device ${this.device.number}`);
    const report = done(lease, '', { runMs, offsets });
    for (const attempt of report.attempts) attempt.body = new TextEncoder().encode(this.#answer(lease, attempt.offset));
    return report;
  }

  #answer(lease: Given, offset: number): string {
    const right = truth(lease.job, lease.units[offset]!);
    if (this.nature === 'liar') return `${right} says ${this.device.number}`;
    if (this.nature === 'colluder') return `${right} says everyone`;
    // Where the judge compares, results are the same but for what stands behind them.
    const judged = this.#grid.scheduler.jobs.get(lease.job)!.spec.comparison.kind !== 'bytes';
    return judged ? right + ' '.repeat(this.device.number % 3) : right;
  }

  command(): ExchangeCommand & { sent: { lease: Given; report: Report }[] } {
    const chance = this.#chance;
    const sent = this.#outbox.filter(() => chance.happens(0.7));
    if (this.#sent.length > 0 && chance.happens(0.2)) {
      const old = chance.pick(this.#sent);
      sent.push(chance.happens(0.5) ? old : { lease: old.lease, report: proved(old.report, old.lease) });
    }
    if (sent.length > 0 && chance.happens(0.1)) sent.push(sent[0]!);
    const { epoch } = this.#grid.scheduler.options;
    const held = this.#held
      .filter(() => chance.happens(0.9))
      .map((lease) => ({ lease, runMs: chance.below(9000), ticket: lease.epoch === epoch ? null : lease }));
    return { slots: chance.below(4), held, reports: sent.map(({ report }) => report), sent };
  }

  exchange(): void {
    if (this.session === null) return;
    const { sent, ...command } = this.command();
    const { lastLease } = this.#grid.scheduler;
    const { statuses, given, revoked } = this.#grid.exchange(this.session, command as Parameters<Grid['exchange']>[1]);
    this.#checkNew(given, lastLease);
    for (const [at, { lease, report }] of sent.entries()) {
      // Whatever it reports was issued to it.
      must(statuses[at] !== REPORT_STATUS.refused, 'what was issued is not refused', report);
      this.#outbox = this.#outbox.filter((waiting) => waiting.report !== report);
      if (statuses[at] === REPORT_STATUS.ticketNeeded) this.#outbox.push({ lease, report: proved(report, lease) });
      else this.#sent.push({ lease, report });
    }
    this.#held = this.#held.filter(
      ({ epoch, number }) => !revoked.some((ref) => ref.epoch === epoch && ref.number === number),
    );
    // An answer can be lost on its way.
    if (this.#chance.happens(0.9)) this.receive(given);
  }

  /** It sends what nobody gave it. */
  forge(): void {
    if (this.session === null) return;
    const chance = this.#chance;
    const { epoch, lastLease } = {
      epoch: this.#grid.scheduler.options.epoch,
      lastLease: this.#grid.scheduler.lastLease,
    };
    const lease: Given = {
      epoch: chance.between(1, epoch + 1),
      number: chance.below(lastLease + 3),
      job: 1,
      units: [0],
    };
    if (leaseOf(this.#grid.scheduler, lease)?.device === this.device.number) return;
    const [status] = this.#grid.send(this.session, done(lease, 'forged', { offsets: [chance.below(3)] }));
    must(status !== REPORT_STATUS.accepted, 'what was not issued is not accepted', lease);
  }

  /** The coordinator dies while it deals with this tab's exchange. */
  crash(): void {
    const { session } = this;
    if (session === null) return;
    const { sent: _, ...command } = this.command();
    const { scheduler, now } = this.#grid;
    const chance = this.#chance;
    this.#grid.crashDuring(
      (effects) => exchange(scheduler, session, command, now, effects),
      () => chance.happens(0.4),
    );
  }
}
