import { REPORT_STATUS } from '@gossamer/protocol';
import type { Held, TestDevice } from './device.ts';
import { heldOf, report } from './device.ts';

/** Lends a device's slots until `done` says so: asks, reports everything at once, asks again. */
export const lend = async (
  device: TestDevice,
  done: () => boolean | Promise<boolean>,
  reportOf: (lease: Held) => ReturnType<typeof report> = (lease) => report(lease),
  slots = 3,
): Promise<void> => {
  let held: Held[] = [];
  while (!(await done())) {
    // With nothing to report an exchange is parked: look around now and then instead.
    const answer = await device.exchange({ slots: held.length === 0 ? slots : 0, reports: held.map(reportOf) });
    if (answer.retryAfterMs > 0) continue;
    if (answer.statuses.some((status) => status !== REPORT_STATUS.accepted)) throw new Error('a report was refused');
    held = heldOf(answer);
  }
};
