import type { Hello } from '@gossamer/protocol';
import { DeviceId, ProblemError, uuidv7 } from '@gossamer/protocol';
import { randomBytes } from 'node:crypto';
import type { GridLog } from '../runtime/grid-log.ts';
import type { DeviceRecord } from '../runtime/grid-state.ts';

const forgottenMeanwhile = () => new ProblemError('unavailable', 'the device was forgotten just now; sign in again');

/**
 * The record of the device that says hello; a new device is written down first. What it has is not: it says so at each
 * sign-in. Two sessions of one new device that
 * arrive at once wait for the same write.
 */
export class DeviceRegistry {
  readonly #grid: GridLog;
  readonly #now: () => number;
  readonly #pending = new Map<string, Promise<DeviceRecord>>();
  #last = 0;

  constructor(grid: GridLog, now: () => number) {
    this.#grid = grid;
    this.#now = now;
  }

  async of({ publicKey, platform, capabilities, playground }: Hello, prefix: string | null): Promise<DeviceRecord> {
    const finding = this.#pending.get(publicKey) ?? this.#find(publicKey, platform, prefix);
    this.#pending.set(publicKey, finding);
    try {
      const record = await finding;
      record.device.capabilities = capabilities;
      record.device.optedIn = playground;
      return record;
    } finally {
      this.#pending.delete(publicKey);
    }
  }

  /** Throws ProblemError `unavailable` for a device that is forgotten, or will be in a moment. */
  requireStaying(device: number): void {
    if (this.#grid.isLeaving(device)) throw forgottenMeanwhile();
  }

  async #find(publicKey: string, platform: string, prefix: string | null): Promise<DeviceRecord> {
    const { state } = this.#grid;
    const at = this.#now();
    const known = state.deviceByKey.get(publicKey);
    if (known === undefined) {
      this.#last = Math.max(this.#last, state.lastDevice) + 1;
      const number = this.#last;
      const id = DeviceId.parse(`dev_${uuidv7(at, randomBytes(10))}`);
      await this.#grid.record(`device:${id}`, { kind: 'device-seen', at, number, id, publicKey, platform, prefix });
    } else if (known.device.prefix !== prefix) {
      const { number } = known.device;
      await this.#grid.recordNext(`device:${known.id}`, () => {
        this.requireStaying(number);
        return [{ kind: 'device-moved', at, number, prefix }];
      });
    }
    const record = state.deviceByKey.get(publicKey);
    if (record === undefined) throw forgottenMeanwhile();
    return record;
  }
}
