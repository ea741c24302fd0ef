import type { AttemptPlace } from '@gossamer/core';
import { attemptsOf, forgetDevice, gridAccount, leasedBy, trustOf } from '@gossamer/core';
import type { DeviceForgotten, DeviceRecord as DeviceRecordPage } from '@gossamer/protocol';
import { JobId, ProblemError } from '@gossamer/protocol';
import type { Logger } from 'pino';
import type { GridLog } from './grid-log.ts';
import type { DeviceRecord } from './grid-state.ts';
import type { Runtime } from './runtime.ts';

/** Attempts on one page. */
const PAGE = 1000;

const placeOf = (after: string | undefined): AttemptPlace => {
  if (after === undefined) return { job: 0, at: 0 };
  const parts = /^(\d{1,15})\.(\d{1,15})$/.exec(after);
  if (parts === null) throw new ProblemError('cursor-invalid', after);
  return { job: Number(parts[1]), at: Number(parts[2]) };
};

/** What is kept of devices: told in full to whom it concerns, and forgotten. */
export class DeviceBook {
  readonly #grid: GridLog;
  readonly #runtime: Runtime;
  readonly #logger: Logger;
  readonly #end: (device: number) => void;
  readonly #forgetting = new Set<number>();

  /** `end` closes the connection of a device. */
  constructor(grid: GridLog, runtime: Runtime, logger: Logger, end: (device: number) => void) {
    this.#grid = grid;
    this.#runtime = runtime;
    this.#logger = logger;
    this.#end = end;
  }

  /** Throws ProblemError `device-unknown`. */
  find(id: string): DeviceRecord {
    const record = this.#grid.state.deviceById.get(id);
    if (record === undefined) throw new ProblemError('device-unknown', id);
    return record;
  }

  /** A page of all that is kept of a device; its cost is bounded. Throws ProblemError `cursor-invalid`. */
  page({ device, id, publicKey, platform, firstSeen }: DeviceRecord, after: string | undefined): DeviceRecordPage {
    const { scheduler } = this.#runtime;
    const { number, capabilities, class: kind, prefix } = device;
    const { items, next } = attemptsOf(scheduler, number, placeOf(after), PAGE);
    return {
      id,
      number,
      publicKey,
      platform,
      class: kind,
      network: prefix,
      firstSeen,
      capabilities,
      leased: leasedBy(scheduler, number),
      ...gridAccount(scheduler, number),
      trust: trustOf(scheduler, number),
      attempts: items.map(({ job, unit, epoch, lease, offset, state }) => ({
        job: JobId.parse(scheduler.jobs.get(job)!.spec.id),
        unit,
        attempt: `${epoch}.${lease}.${offset}`,
        outcome: state,
      })),
      next: next === null ? null : `${next.job}.${next.at}`,
    };
  }

  /**
   * Forgets a device for good: resolves when nothing in the data directory tells who it was. From the first fact on there
   * is no way back, a start goes on with it (PV11). Throws ProblemError `device-unknown`, `storage-full`, `unavailable`.
   */
  async forget({ device, id }: DeviceRecord): Promise<DeviceForgotten> {
    const { number, class: kind } = device;
    this.find(id);
    if (this.#forgetting.has(number)) throw new ProblemError('device-unknown', id);
    this.#forgetting.add(number);
    try {
      const at = this.#runtime.now();
      await this.#grid.record(`forget:${number}`, { kind: 'device-forgotten', at, number, class: kind });
    } finally {
      this.#forgetting.delete(number);
    }
    const released = await this.#release(number);
    await this.#grid.erase();
    return { number, released };
  }

  /** Where nothing can be decided now, its leases run out by time. */
  async #release(number: number): Promise<number> {
    const { scheduler, now } = this.#runtime;
    const held = leasedBy(scheduler, number);
    try {
      await this.#runtime.run(`forget:${number}`, (effects) => forgetDevice(scheduler, number, now(), effects));
    } catch (error) {
      this.#logger.warn({ error, deviceNumber: number }, 'the leases of a forgotten device are left to run out');
    }
    this.#end(number);
    return held;
  }
}
