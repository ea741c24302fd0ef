import type { LeaseRef } from '@gossamer/protocol';
import type { Lease } from '../leases/lease.ts';
import type { Scheduler } from './state.ts';

/** Leases whose workers are to be ended: devices are told at once, and again when they name one of them. */
export class LeasesToEnd {
  readonly byDevice = new Map<number, LeaseRef[]>();
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  add(lease: Lease): void {
    const { vain, options } = this.#scheduler;
    const refs = this.byDevice.get(lease.device) ?? [];
    refs.push(lease.recalled ?? { epoch: options.epoch, number: lease.number });
    this.byDevice.set(lease.device, refs);
    const known = vain.get(lease.device);
    if (known === undefined) vain.set(lease.device, new Set([lease.number]));
    else known.add(lease.number);
  }
}
