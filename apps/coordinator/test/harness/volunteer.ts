import type { AttemptReport, LeaseReport } from '@gossamer/protocol';
import { REPORT_STATUS } from '@gossamer/protocol';
import { pause } from './chance.ts';
import type { Deliveries } from './deliveries.ts';
import type { Held } from './device.ts';
import { heldOf, Refused, report, TestDevice } from './device.ts';

/** Leases that it has at a time, and how many of them one exchange reports: the others are named as held. */
const LEASES = 4;
const REPORTED = 2;
/** What its units claim to take, ms: leases of some dozens of units follow from it. */
const RUN_MS = 30;
const COMES_BACK_MS = 30;

/** The text of a result. */
export type OutputOf = (lease: Held, unit: number) => string;

/**
 * Lends a device as a tab does: it keeps what it has done until that is acknowledged, comes back after every crash
 * with the tickets of what it holds, and asks for more as fast as it is answered.
 */
export class Volunteer {
  readonly device = new TestDevice();
  /** What went wrong while the coordinator was there. */
  readonly faults: unknown[] = [];
  /** How often it was told to come again later. */
  deferrals = 0;
  readonly #deliveries: Deliveries;
  readonly #outputOf: OutputOf;
  #held: Held[] = [];
  /** What was computed, once: a report that is sent again is the same one. */
  readonly #done = new Map<Held, AttemptReport[]>();
  /** Leases whose ticket was asked for. */
  readonly #asked = new Set<Held>();
  #epoch = 0;
  #isStopped = false;
  #end = (): void => {};
  /** A socket that is closed before it is open tells nobody. */
  readonly #ended = new Promise<void>((resolve) => (this.#end = resolve));
  #waiting: Promise<void> | null = null;
  #go = (): void => {};
  #isReporting = false;

  constructor(deliveries: Deliveries, outputOf: OutputOf) {
    this.#deliveries = deliveries;
    this.#outputOf = outputOf;
  }

  /** Lends through everything until it is stopped. */
  async lend(port: number): Promise<void> {
    while (!this.#isStopped) {
      try {
        const signedIn = this.device.signIn(port).then(({ epoch }) => (this.#epoch = epoch));
        await Promise.race([signedIn, this.#ended]);
        while (!this.#isStopped) await this.#exchange();
      } catch (error) {
        const isDeferred = error instanceof Refused && ['unavailable', 'storage-full'].includes(error.code);
        if (this.device.socket?.connected === true && !isDeferred && !this.#isStopped) this.faults.push(error);
        this.device.close();
        await pause(COMES_BACK_MS);
      }
      this.#isReporting = false;
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#end();
    this.rest(false);
    this.device.close();
  }

  /** Begins no exchange while it rests. */
  rest(does: boolean): void {
    this.#go();
    this.#waiting = does ? new Promise((resolve) => (this.#go = resolve)) : null;
  }

  /** It has nothing under way but, maybe, an exchange that waits for work. */
  get isQuiet(): boolean {
    return !this.#isReporting;
  }

  async #exchange(): Promise<void> {
    if (this.#waiting !== null) await this.#waiting;
    // On a socket that is gone it would wait for an answer all the same.
    if (this.device.socket?.connected !== true) throw new Error('the coordinator is gone');
    const sent = this.#held.slice(0, REPORTED);
    const rest = this.#held.slice(REPORTED);
    const reports = sent.map((lease) => this.#report(lease));
    this.#isReporting = reports.length > 0;
    const answer = await this.device.exchange({
      slots: LEASES - rest.length,
      reports,
      held: rest.map((lease) => {
        const ticket = this.#isForeign(lease) ? lease.ticket : new Uint8Array(0);
        return { lease: { epoch: lease.epoch, number: lease.number }, runMs: 1, ticket };
      }),
    });
    this.#isReporting = false;
    if (answer.retryAfterMs > 0) {
      this.deferrals += 1;
      await pause(Math.min(answer.retryAfterMs, 100));
      return;
    }
    const kept = sent.filter((lease, i) => !this.#isDelivered(lease, answer.statuses[i]));
    const inVain = new Set(answer.revoked.map(({ epoch, number }) => `${epoch}.${number}`));
    const still = rest.filter(({ epoch, number }) => !inVain.has(`${epoch}.${number}`));
    const known = new Set(still.map(({ number, epoch }) => `${epoch}.${number}`));
    // A lease that was given again, as its first answer seemed lost.
    const fresh = heldOf(answer).filter(({ epoch, number }) => !known.has(`${epoch}.${number}`));
    this.#held = [...kept, ...still, ...fresh];
  }

  #report(lease: Held): LeaseReport {
    const ticket = this.#isForeign(lease) || this.#asked.has(lease);
    const made = report(lease, (unit) => this.#outputOf(lease, unit), { ticket });
    const attempts = this.#done.get(lease) ?? made.attempts.map((attempt) => ({ ...attempt, runMs: RUN_MS }));
    this.#done.set(lease, attempts);
    this.#deliveries.send(this.device.publicKey, lease, attempts);
    return { ...made, attempts };
  }

  #isDelivered(lease: Held, status: number | undefined): boolean {
    if (status === REPORT_STATUS.accepted) {
      this.#asked.delete(lease);
      this.#done.delete(lease);
      this.#deliveries.acknowledge(lease);
      return true;
    }
    if (status !== REPORT_STATUS.ticketNeeded || this.#asked.has(lease)) {
      throw new Error(`lease ${lease.epoch}.${lease.number} was answered with ${status}`);
    }
    this.#asked.add(lease);
    return false;
  }

  #isForeign({ epoch }: Held): boolean {
    return epoch !== this.#epoch;
  }
}
