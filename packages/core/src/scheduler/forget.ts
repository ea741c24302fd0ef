import type { DeviceClass } from '@gossamer/protocol';
import type { Device } from '../leases/devices.ts';
import { aftermath } from './aftermath.ts';
import { loseLease } from './lose.ts';
import { closeSession } from './sessions.ts';
import type { Effects, Scheduler } from './state.ts';

/**
 * What is left of a forgotten device: a number. `prefix` is what memory still knows of its network, so that nobody
 * confirms a result of his own by having himself forgotten in between; after a start it is null.
 */
export const remainderOf = (number: number, kind: DeviceClass, prefix: string | null): Device => ({
  number,
  id: '',
  volunteer: `forgotten:${number}`,
  prefix,
  class: kind,
  capabilities: { memoryMb: null, cores: null, wasm: [] },
  apart: false,
  optedIn: false,
});

/**
 * Ends a device's session, gives its leases back, and keeps of it what its results are judged by. What it has returned
 * and what that earned stays under its number. Gives how many attempts it held. Does nothing for one that is not known.
 */
export const forgetDevice = (scheduler: Scheduler, number: number, now: number, effects: Effects): number => {
  const device = scheduler.devices.get(number);
  if (device === undefined) return 0;
  const session = scheduler.sessionOf.get(number);
  if (session !== undefined) closeSession(scheduler, session, now);
  let released = 0;
  for (const lease of [...(scheduler.leasesOf.get(number) ?? [])]) {
    released += lease.open;
    loseLease(scheduler, lease, 'abandoned', now, effects);
  }
  scheduler.gone.delete(number);
  scheduler.vain.delete(number);
  scheduler.lastGrant.delete(number);
  scheduler.speeds.forget(number);
  scheduler.volunteers.delete(device.volunteer);
  const remainder = remainderOf(number, device.class, device.prefix);
  scheduler.volunteers.set(remainder.volunteer, [number]);
  scheduler.devices.set(number, remainder);
  aftermath(scheduler, now, effects);
  return released;
};
