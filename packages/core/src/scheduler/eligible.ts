import type { Job } from '../job/job.ts';
import type { Device, Kinship } from '../leases/devices.ts';
import { kinship } from '../leases/devices.ts';
import { recordIn } from '../trust/record.ts';
import { standingIn } from '../trust/standing.ts';
import { tierObstacle } from './tier.ts';
import type { Scheduler } from './state.ts';

/** A device that was caught waits so long between two leases, ms; twice as long with each further time. */
const REST_MS = 30_000;
const MOST_REST_MS = 3_600_000;

/** Why a device may not take a unit in which `devices` take part; null when it may. */
export const refusal = (
  scheduler: Scheduler,
  job: Job,
  device: Device,
  devices: readonly number[],
): Kinship | 'class' | null => {
  for (const number of devices) {
    const other = scheduler.devices.get(number);
    if (other === undefined) continue;
    const kin = kinship(device, other, job.independence);
    if (kin !== null) return kin;
    if (job.spec.sameClass && other.class !== device.class) return 'class';
  }
  return null;
};

const told = (value: number | null, unit: string): string => (value === null ? 'does not say' : `has ${value}${unit}`);

/** What keeps a device from a job as a whole, in words; null when nothing does. */
export const lacks = (scheduler: Scheduler, job: Job, device: Device, now: number): string | null =>
  tierObstacle(job, device) ?? refusedBy(scheduler, job, device, now) ?? missing(job, device);

/** The device's tab did not take the job's program for what was signed. */
const refusedBy = ({ sessions, sessionOf }: Scheduler, job: Job, device: Device, now: number): string | null => {
  const refused = sessions.get(sessionOf.get(device.number) ?? 0)?.refused?.get(job.number);
  return refused === undefined || refused.until <= now ? null : `the device refused its program: ${refused.reason}`;
};

/** What of the job's requirements a device has not, in words; null when it meets them all. */
const missing = (job: Job, device: Device): string | null => {
  const { memoryMb, cores, wasm } = job.spec.requirements;
  const has = device.capabilities;
  if (memoryMb > 0 && (has.memoryMb ?? 0) < memoryMb) {
    return `the job requires ${memoryMb} MB of memory, and the device ${told(has.memoryMb, ' MB')}`;
  }
  if (cores > 0 && (has.cores ?? 0) < cores) {
    return `the job requires ${cores} cores, and the device ${told(has.cores, '')}`;
  }
  if (wasm.length === 0) return null;
  const absent = wasm.filter((feature) => !has.wasm.includes(feature));
  return absent.length === 0 ? null : `the job requires WebAssembly with ${absent.join(', ')}`;
};

/** How long a device that was caught has to wait before it is given work of an adaptive job, ms; 0 when it has not. */
export const restOf = (scheduler: Scheduler, job: Job, device: Device, now: number): number => {
  if (!job.rule.byStanding || standingIn(scheduler, job, device.number) !== 'caught') return 0;
  const { caught } = recordIn(scheduler, job, device.number);
  const rest = Math.min(MOST_REST_MS, REST_MS * 2 ** (caught - 1));
  const last = scheduler.lastGrant.get(device.number) ?? Number.NEGATIVE_INFINITY;
  return Math.max(0, last + rest - now);
};
