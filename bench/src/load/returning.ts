import type { LeaseReport, LeaseRef } from '@gossamer/protocol';
import { decodeTicket, REPORT_STATUS } from '@gossamer/protocol';
import { wait } from '../measure/wait.ts';
import type { Device } from './device.ts';
import { reportOn } from './volunteer.ts';

/** How a tab comes back: half a second at first, doubled each time, up to 15 s, each by half more or less. */
const FIRST_DELAY_MS = 500;
const MOST_DELAY_MS = 15_000;

interface Held {
  ref: LeaseRef;
  ticket: Uint8Array;
}

/** A device that holds a lease over a crash of the coordinator, comes back as a tab would, and reports it then. */
export class Returning {
  /** Units of reports that were acknowledged. */
  readonly acknowledged: number[] = [];
  /** When it was back, with its lease named; 0 before that. `performance.now()`. */
  backAt = 0;
  /** Units of the lease that it held over the crash. */
  heldUnits: readonly number[] = [];
  readonly #device: Device;
  readonly #bytes: number;
  #held: Held[] = [];

  constructor(device: Device, bytes: number) {
    this.#device = device;
    this.#bytes = bytes;
  }

  /** Signs in, takes one lease and keeps it. */
  async take(port: number): Promise<void> {
    await this.#device.signIn(port);
    while (this.#held.length === 0) this.#keep(await this.#device.exchange({ slots: 1 }));
  }

  /** Comes back after the crash: tries until it is let in, names what it holds. */
  async comeBack(port: number): Promise<void> {
    this.heldUnits = this.#held.flatMap(({ ticket }) => decodeTicket(ticket).ticket.units);
    for (let delay = FIRST_DELAY_MS; ; delay = Math.min(MOST_DELAY_MS, delay * 2)) {
      await wait(delay * (0.5 + Math.random()));
      try {
        const { epoch } = await this.#device.signIn(port);
        const held = this.#held.map(({ ref, ticket }) => ({
          lease: ref,
          runMs: 1000,
          ticket: ref.epoch === epoch ? new Uint8Array(0) : ticket,
        }));
        const { retryAfterMs } = await this.#device.exchange({ slots: 0, held });
        if (retryAfterMs > 0) await wait(retryAfterMs);
        this.backAt = performance.now();
        return;
      } catch {
        this.#device.close();
      }
    }
  }

  /** Reports what it holds and takes more, until there is nothing left to do. */
  async work(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const sent = this.#held.map(({ ticket }): LeaseReport => ({ ...reportOn(ticket, this.#options), ticket }));
      const response = await this.#device.exchange({ slots: 1, reports: sent });
      if (response.retryAfterMs > 0) {
        await wait(response.retryAfterMs);
        continue;
      }
      response.statuses.forEach((status, at) => {
        if (status !== REPORT_STATUS.accepted) throw new Error(`a report was answered with ${status}`);
        this.acknowledged.push(...decodeTicket(this.#held[at]!.ticket).ticket.units);
      });
      this.#held = [];
      this.#keep(response);
    }
  }

  close(): void {
    this.#device.close();
  }

  get #options() {
    return { bytes: this.#bytes, runMs: 1000, isOver: () => false };
  }

  #keep({ leases }: { leases: readonly { ticket: Uint8Array }[] }): void {
    for (const { ticket } of leases) {
      const { epoch, number } = decodeTicket(ticket).ticket;
      this.#held.push({ ref: { epoch, number }, ticket: ticket.slice() });
    }
  }
}
