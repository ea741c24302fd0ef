import type { AttemptReport, LeaseReport } from '@gossamer/protocol';
import { decodeTicket, OUTCOME } from '@gossamer/protocol';
import { Histogram } from '../measure/histogram.ts';
import { wait } from '../measure/wait.ts';
import type { Device } from './device.ts';
import { writeResult } from './results.ts';

const NO_TICKET = new Uint8Array(0);

export interface Tally {
  /** Attempts that were acknowledged: on disk, says the coordinator. */
  acknowledged: number;
  /** Answers that asked to come back later. */
  deferred: number;
  /** Time from the sending of a report to its acknowledgement. */
  readonly roundTrips: Histogram;
}

export const newTally = (): Tally => ({ acknowledged: 0, deferred: 0, roundTrips: new Histogram() });

export interface VolunteerOptions {
  /** Size of a result, bytes. */
  bytes: number;
  /** Run time of a unit that the device claims, ms. */
  runMs: number;
  /** Time from an answer to the next exchange, ms. */
  pauseMs?: number;
  isOver(): boolean;
}

/** A report of every unit of a lease. */
export const reportOn = (ticketBytes: Uint8Array, { bytes, runMs }: VolunteerOptions): LeaseReport => {
  const { epoch, number, units } = decodeTicket(ticketBytes).ticket;
  const bodies = new Uint8Array(units.length * bytes);
  const attempts: AttemptReport[] = units.map((unit, offset) => {
    const body = bodies.subarray(offset * bytes, (offset + 1) * bytes);
    writeResult(body, unit);
    return { offset, outcome: OUTCOME.bytes, runMs, body };
  });
  return { lease: { epoch, number }, ticket: NO_TICKET, attempts };
};

/** Lends a device until the benchmark is over: each exchange reports the lease that the one before has brought. */
export const lend = async (device: Device, options: VolunteerOptions, tallyNow: () => Tally): Promise<void> => {
  let reports: LeaseReport[] = [];
  while (!options.isOver()) {
    const sent = performance.now();
    const response = await device.exchange({ slots: 1, reports });
    const tally = tallyNow();
    if (response.retryAfterMs > 0) {
      tally.deferred += 1;
      await wait(response.retryAfterMs);
      continue;
    }
    if (reports.length > 0) tally.roundTrips.add(performance.now() - sent);
    for (const report of reports) tally.acknowledged += report.attempts.length;
    if (options.pauseMs !== undefined) await wait(options.pauseMs);
    reports = response.leases.map(({ ticket }) => reportOn(ticket, options));
  }
};
