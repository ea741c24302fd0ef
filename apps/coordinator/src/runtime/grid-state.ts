import type { Device, GridFact } from '@gossamer/core';
import type { Capabilities, KeyView } from '@gossamer/protocol';
import { classOf, DeviceId, KeyId } from '@gossamer/protocol';

export interface KeyRecord {
  view: KeyView;
  /** SHA-256 of the secret, hexadecimal. */
  hash: string;
}

export interface DeviceRecord {
  device: Device;
  id: DeviceId;
  publicKey: string;
  platform: string;
  firstSeen: number;
}

/** Of a device that has not signed in since the start: it says anew what it has when it does. */
const UNTOLD: Capabilities = { memoryMb: null, cores: null, wasm: [] };

/** What the grid's own log says: a fold over `GridFact`s. */
export class GridState {
  secret: Buffer = Buffer.alloc(0);
  readonly keys = new Map<string, KeyRecord>();
  readonly keyByHash = new Map<string, KeyRecord>();
  readonly devices = new Map<number, DeviceRecord>();
  readonly deviceByKey = new Map<string, DeviceRecord>();
  readonly deviceById = new Map<string, DeviceRecord>();
  /** Job numbers by id; whether the job exists is said by its own log. */
  readonly jobNumbers = new Map<string, number>();
  lastJob = 0;
  lastDevice = 0;

  apply(fact: GridFact): void {
    switch (fact.kind) {
      case 'grid-created':
        this.secret = Buffer.from(fact.secret, 'hex');
        return;
      case 'key-created': {
        const { role, name, at, hash, expiresAt } = fact;
        const view = { id: KeyId.parse(fact.id), role, name, createdAt: at, expiresAt, revokedAt: null };
        const record = { view, hash };
        this.keys.set(fact.id, record);
        this.keyByHash.set(hash, record);
        return;
      }
      case 'key-revoked': {
        const record = this.keys.get(fact.id);
        if (record === undefined) return;
        record.view = { ...record.view, revokedAt: fact.at };
        this.keyByHash.delete(record.hash);
        return;
      }
      case 'device-seen': {
        const { number, id, publicKey, platform, prefix, at } = fact;
        // A log that is read again says nothing new of what the device has.
        const capabilities = this.devices.get(number)?.device.capabilities ?? UNTOLD;
        const device = { number, id, volunteer: id, prefix, class: classOf(platform), capabilities };
        const record = { device, id: DeviceId.parse(id), publicKey, platform, firstSeen: at };
        this.devices.set(number, record);
        this.deviceByKey.set(publicKey, record);
        this.deviceById.set(id, record);
        this.lastDevice = Math.max(this.lastDevice, number);
        return;
      }
      case 'device-moved': {
        const record = this.devices.get(fact.number);
        if (record !== undefined) record.device.prefix = fact.prefix;
        return;
      }
      case 'job-registered':
        this.jobNumbers.set(fact.id, fact.number);
        this.lastJob = Math.max(this.lastJob, fact.number);
    }
  }
}
