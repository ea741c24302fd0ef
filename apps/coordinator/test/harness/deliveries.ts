import type { JobFact } from '@gossamer/core';
import type { AttemptReport } from '@gossamer/protocol';
import type { Held } from './device.ts';

/** One attempt as its device sent it. */
interface Delivery {
  device: string;
  unit: number;
  body: Buffer;
  /** It was the so many-th attempt that was acknowledged; 0 when it was not. */
  acknowledged: number;
}

const nameOf = (epoch: number, lease: number, offset: number): string => `${epoch}.${lease}.${offset}`;

/** What devices sent, and what of it was acknowledged: to be held against the log. */
export class Deliveries {
  readonly #byJob = new Map<number, Map<string, Delivery>>();
  /** Attempts, so far. */
  acknowledged = 0;

  /** To be called before the report leaves: a crash may take the answer, and leave the result. */
  send(device: string, { job, epoch, number, units }: Held, attempts: readonly AttemptReport[]): void {
    const deliveries = this.#of(job);
    for (const { offset, body } of attempts) {
      const name = nameOf(epoch, number, offset);
      if (deliveries.has(name)) continue;
      deliveries.set(name, { device, unit: units[offset]!, body: Buffer.from(body), acknowledged: 0 });
    }
  }

  acknowledge({ job, epoch, number, units }: Held): void {
    const deliveries = this.#of(job);
    units.forEach((_, offset) => {
      const delivery = deliveries.get(nameOf(epoch, number, offset))!;
      if (delivery.acknowledged === 0) delivery.acknowledged = ++this.acknowledged;
    });
  }

  /**
   * What is wrong with the log of a job, in words: it must hold each acknowledged attempt once, as it was sent, and
   * nothing that nobody sent. `upto`: only the first so many acknowledgements are held against it.
   */
  faultsOf(job: number, facts: readonly JobFact[], upto = this.acknowledged): string[] {
    const deliveries = this.#of(job);
    const faults: string[] = [];
    const found = new Set<string>();
    const unitsOf = new Map<string, Set<number>>();
    const numbers = new Map<string, number>();
    for (const fact of facts) {
      if (fact.kind !== 'returned') continue;
      for (const { unit, offset, body } of fact.items) {
        const name = nameOf(fact.epoch, fact.lease, offset);
        const sent = deliveries.get(name);
        if (found.has(name)) faults.push(`${name} is there twice`);
        found.add(name);
        if (sent === undefined) {
          faults.push(`${name} was never sent`);
          continue;
        }
        if (sent.unit !== unit) faults.push(`${name} is of unit ${sent.unit}, not ${unit}`);
        if (!sent.body.equals(body)) faults.push(`${name} is not what was sent`);
        const number: number = numbers.get(sent.device) ?? fact.device;
        numbers.set(sent.device, number);
        if (number !== fact.device) faults.push(`${name} is another device's`);
        const units = unitsOf.get(sent.device) ?? new Set();
        unitsOf.set(sent.device, units.add(unit));
      }
    }
    for (const [name, { device, unit, acknowledged }] of deliveries) {
      if (acknowledged === 0 || acknowledged > upto || found.has(name)) continue;
      // A device that had a unit by two leases, as the first ran out, counts for it once.
      if (unitsOf.get(device)?.has(unit) !== true)
        faults.push(`${name}, of unit ${unit}, was acknowledged and is lost`);
    }
    return faults.map((fault) => `job ${job}: ${fault}`);
  }

  #of(job: number): Map<string, Delivery> {
    const known = this.#byJob.get(job);
    if (known !== undefined) return known;
    const made = new Map<string, Delivery>();
    this.#byJob.set(job, made);
    return made;
  }
}
