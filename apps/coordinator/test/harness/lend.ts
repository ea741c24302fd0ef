import type { ExchangeResponse } from '@gossamer/protocol';
import { REPORT_STATUS } from '@gossamer/protocol';
import { pause } from './chance.ts';
import type { Held, TestDevice } from './device.ts';
import { heldOf, report } from './device.ts';

const LOOK_MS = 100;

/**
 * The answer to an exchange that asks for work, or null when all is over before it comes. Without work it is parked for
 * longer than most tests last: only the next exchange, or a job, ends that.
 */
const orOver = async (
  answer: Promise<ExchangeResponse>,
  done: () => boolean | Promise<boolean>,
): Promise<ExchangeResponse | null> => {
  // What comes after the end, like the end of the socket, is nobody's concern.
  answer.catch(() => undefined);
  for (;;) {
    const first = await Promise.race([answer, pause(LOOK_MS).then(() => null)]);
    if (first !== null) return first;
    if (await done()) return null;
  }
};

/** Lends a device's slots until `done` says so: asks, reports everything at once, asks again. */
export const lend = async (
  device: TestDevice,
  done: () => boolean | Promise<boolean>,
  reportOf: (lease: Held) => ReturnType<typeof report> = (lease) => report(lease),
  slots = 3,
): Promise<void> => {
  let held: Held[] = [];
  while (!(await done())) {
    const exchange = device.exchange({ slots: held.length === 0 ? slots : 0, reports: held.map(reportOf) });
    const answer = await orOver(exchange, done);
    if (answer === null) return;
    if (answer.retryAfterMs > 0) continue;
    if (answer.statuses.some((status) => status !== REPORT_STATUS.accepted)) throw new Error('a report was refused');
    held = heldOf(answer);
  }
};
