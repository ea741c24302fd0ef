import { forgetDevice, leasedBy } from '@gossamer/core';
import type { DeviceForgotten, DeviceRecord as DeviceRecordPage, RecordedRefusal } from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { Logger } from 'pino';
import { GoingOn } from './going-on.ts';
import type { GridLog } from './grid-log.ts';
import type { DeviceRecord } from './grid-state.ts';
import { recordPage } from './record-page.ts';
import type { Runtime } from './runtime.ts';

/** What tabs said of programs that they refused, kept for operators. */
export interface RefusalsOf {
  of(device: number): RecordedRefusal[];
  forget(device: number): void;
}

const NOT_ERASED = 'what is told of forgotten devices is not erased yet: that is tried again';

/** What is kept of devices: told in full to whom it concerns, and forgotten. */
export class DeviceBook {
  readonly #grid: GridLog;
  readonly #runtime: Runtime;
  readonly #logger: Logger;
  readonly #refusals: RefusalsOf;
  readonly #end: (device: number) => void;
  readonly #erasures: GoingOn;

  /** `end` closes the connection of a device. */
  constructor(grid: GridLog, runtime: Runtime, refusals: RefusalsOf, logger: Logger, end: (device: number) => void) {
    this.#grid = grid;
    this.#runtime = runtime;
    this.#refusals = refusals;
    this.#logger = logger;
    this.#end = end;
    this.#erasures = new GoingOn(() => this.#carryOut(), NOT_ERASED, logger);
  }

  /** Goes on with what an earlier start did not come to the end of. */
  start(): void {
    void this.#erasures.now();
  }

  close(): Promise<void> {
    return this.#erasures.close();
  }

  /** Throws ProblemError `device-unknown`. */
  find(id: string): DeviceRecord {
    const record = this.#grid.state.deviceById.get(id);
    if (record === undefined) throw new ProblemError('device-unknown', id);
    return record;
  }

  /** A page of all that is kept of a device; its cost is bounded. Throws ProblemError `cursor-invalid`. */
  page(record: DeviceRecord, after: string | undefined): DeviceRecordPage {
    return recordPage(this.#runtime, record, this.#refusals.of(record.device.number), after);
  }

  /**
   * Forgets a device for good: it is accepted when the fact is on disk, from then on there is no way back. Resolves after
   * the first try to erase what tells who it was; where that did not come to its end, it is gone on with (PV11). Throws
   * ProblemError `device-unknown`, `storage-full`, `unavailable`: then it is not accepted, as far as is known.
   */
  async forget({ device, id }: DeviceRecord): Promise<DeviceForgotten> {
    const { number, class: kind } = device;
    const { leaving, state } = this.#grid;
    this.find(id);
    if (leaving.has(number)) throw new ProblemError('device-unknown', id);
    leaving.add(number);
    try {
      const at = this.#runtime.now();
      // A write of which nothing was known may have been this one.
      await this.#grid.recordNext(`forget:${number}`, () =>
        state.devices.has(number) ? [{ kind: 'device-forgotten', at, number, class: kind }] : [],
      );
    } catch (error) {
      // It may be on disk all the same.
      this.#erasures.soon();
      throw error;
    } finally {
      leaving.delete(number);
    }
    const released = await this.#release(number);
    const erased = await this.#erasures.now();
    return { number, released, erased };
  }

  /** What the log says of forgotten devices, done: level-triggered, so that it does not matter what came between. */
  async #carryOut(): Promise<boolean> {
    try {
      return await this.#grid.erase();
    } finally {
      const { devices } = this.#runtime.scheduler;
      for (const number of this.#grid.state.forgotten.keys()) {
        if (devices.get(number)?.id !== '') await this.#release(number);
      }
    }
  }

  /** Where nothing can be decided now, that is tried again; its leases run out by time, too. */
  async #release(number: number): Promise<number> {
    const { scheduler, now } = this.#runtime;
    const held = leasedBy(scheduler, number);
    try {
      await this.#runtime.run(`forget:${number}`, (effects) => forgetDevice(scheduler, number, now(), effects));
    } catch (error) {
      this.#logger.warn({ error, deviceNumber: number }, 'the leases of a forgotten device are not given back yet');
      this.#erasures.soon();
    }
    this.#refusals.forget(number);
    this.#end(number);
    return held;
  }
}
