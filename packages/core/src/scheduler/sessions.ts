import type { Device } from '../leases/devices.ts';
import type { Session } from '../leases/session.ts';
import { silence } from './issue.ts';
import type { Scheduler } from './state.ts';

/** Makes a device known: what it did in earlier sessions counts. */
export const knowDevice = (scheduler: Scheduler, device: Device): void => {
  const isNew = !scheduler.devices.has(device.number);
  scheduler.devices.set(device.number, device);
  if (!isNew) return;
  const fellows = scheduler.volunteers.get(device.volunteer);
  if (fellows === undefined) scheduler.volunteers.set(device.volunteer, [device.number]);
  else fellows.push(device.number);
};

/**
 * Begins a session. A device has one: an older one, if any, is `replaced`, and the gateway closes its connection.
 * Leases of the device stay; its first exchange says which of them it still has.
 */
export const openSession = (
  scheduler: Scheduler,
  device: Device,
  slots: number,
): { session: Session; replaced: number | null } => {
  knowDevice(scheduler, device);
  const replaced = scheduler.sessionOf.get(device.number) ?? null;
  if (replaced !== null) {
    scheduler.sessions.delete(replaced);
    scheduler.parked.delete(replaced);
  }
  const session: Session = {
    number: ++scheduler.lastSession,
    device: device.number,
    slots,
    parked: 0,
    fresh: true,
    refused: null,
  };
  scheduler.sessions.set(session.number, session);
  scheduler.sessionOf.set(device.number, session.number);
  scheduler.gone.delete(device.number);
  scheduler.left.delete(device.number);
  return { session, replaced };
};

/** Ends a session. Its leases wait for the device to come back; `loseOverdue` ends them after the grace. */
export const closeSession = (scheduler: Scheduler, number: number, now: number): void => {
  const session = scheduler.sessions.get(number);
  if (session === undefined) return;
  scheduler.sessions.delete(number);
  scheduler.parked.delete(number);
  scheduler.sessionOf.delete(session.device);
  if (scheduler.leasesOf.has(session.device)) scheduler.gone.set(session.device, now);
  scheduler.left.set(session.device, now);
};

/** A sign of life of a session whose message is not read now: none of its leases runs out for it. */
export const hearFrom = (scheduler: Scheduler, session: Session, now: number): void => {
  const expiresAt = now + silence(scheduler.options.timing.heartbeatMs);
  for (const lease of scheduler.leasesOf.get(session.device) ?? []) lease.expiresAt = expiresAt;
};
