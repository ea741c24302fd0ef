import type { Job, JobFact, Verdict } from '@gossamer/core';
import { RIGHT } from '../population/liars.ts';
import { codeOfBytes } from './results.ts';

/** What the simulator knows of one job and the coordinator does not: which results are right. Kept from the facts. */
export class Truth {
  readonly job: Job;
  /** Attempts that returned a result, or an error. */
  returned = 0;
  errored = 0;
  /** Attempts that ended with nothing: expired or abandoned. */
  lost = 0;
  /** Units that have a final result now; of these, results that were wrong when they became final. */
  validated = 0;
  wrongWhenFinal = 0;
  /** Results found invalid although they are right. */
  wronged = 0;
  /** By device: credit that it holds for wrong results. */
  readonly ill = new Map<number, number>();
  /** Run time of all results, ms. */
  runMs = 0;
  /** By attempt, in the order of the core's table. */
  #codes = new Uint32Array(1024);
  #attempts = 0;

  constructor(job: Job) {
    this.job = job;
  }

  /** Results that were provisional when their device was caught: taken back. */
  get revoked(): number {
    return this.job.counts.reopened;
  }

  /** Takes in facts of one step, which are applied already. `caught` gets the devices that were found to lie. */
  take(facts: readonly JobFact[], caught: number[]): void {
    for (const fact of facts) {
      switch (fact.kind) {
        case 'returned':
          for (const { body, runMs } of fact.items) {
            this.#add(codeOfBytes(body));
            this.runMs += runMs;
          }
          this.returned += fact.items.length;
          break;
        case 'errored':
          for (const { runMs } of fact.items) {
            this.#add(RIGHT);
            this.runMs += runMs;
          }
          this.errored += fact.items.length;
          break;
        case 'lost':
          for (const { expired, abandoned } of fact.items) this.lost += expired + abandoned;
          break;
        case 'judged':
          for (const { unit, canonical, verdicts } of fact.items) {
            if (canonical !== null) {
              this.validated += 1;
              if (this.codeOf(unit, canonical) !== RIGHT) this.wrongWhenFinal += 1;
            }
            for (const { ordinal, verdict } of verdicts) this.#judge(this.#attempt(unit, ordinal), verdict);
          }
          break;
        case 'caught':
          if (fact.here) caught.push(fact.device);
          break;
        case 'revoked':
          for (const { unit, ordinals } of fact.items) {
            for (const ordinal of ordinals) this.#credit(this.#attempt(unit, ordinal), -this.job.spec.credit);
          }
          break;
        default:
      }
    }
  }

  /** Of the attempt of this ordinal in the unit's list. */
  codeOf(unit: number, ordinal: number): number {
    return this.#codes[this.#attempt(unit, ordinal)]!;
  }

  /** By its place in the core's table of attempts. */
  codeAt(attempt: number): number {
    return this.#codes[attempt]!;
  }

  #judge(attempt: number, verdict: Verdict): void {
    if (verdict === 'valid') this.#credit(attempt, this.job.spec.credit);
    else if (verdict === 'invalid' && this.#codes[attempt] === RIGHT) this.wronged += 1;
  }

  #credit(attempt: number, credit: number): void {
    if (this.#codes[attempt] === RIGHT) return;
    const device = this.job.attempts.device[attempt]!;
    this.ill.set(device, (this.ill.get(device) ?? 0) + credit);
  }

  #attempt(unit: number, ordinal: number): number {
    const { attempts, units } = this.job;
    return attempts.nth(units.head[unit]!, ordinal);
  }

  #add(code: number): void {
    if (this.#attempts === this.#codes.length) {
      const grown = new Uint32Array(this.#codes.length * 2);
      grown.set(this.#codes);
      this.#codes = grown;
    }
    this.#codes[this.#attempts++] = code;
  }
}
