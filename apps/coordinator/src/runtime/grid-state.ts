import type { Device, GridFact } from '@gossamer/core';
import type { KeyPair } from '@gossamer/program/node';
import type { Capabilities, KeyView } from '@gossamer/protocol';
import { classOf, DeviceId, KeyId, SigningKey } from '@gossamer/protocol';
import { SignerTable } from './signer-table.ts';

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

/** A key of the coordinator's own, with what the one before it signed. */
export interface CoordinatorKey {
  pair: KeyPair;
  madeAt: number;
  statement: string | null;
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
  readonly signers = new SignerTable();
  /** The coordinator's own keys; the last one is in use. */
  readonly coordinatorKeys: CoordinatorKey[] = [];
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
        const before = this.devices.get(number)?.device;
        const capabilities = before?.capabilities ?? UNTOLD;
        const kind = classOf(platform);
        const playground = { apart: before?.apart ?? false, optedIn: before?.optedIn ?? false };
        const device = { number, id, volunteer: id, prefix, class: kind, capabilities, ...playground };
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
      case 'device-set-apart': {
        const record = this.devices.get(fact.number);
        if (record !== undefined) record.device.apart = fact.apart;
        return;
      }
      case 'signer-registered':
      case 'signer-policy-set':
      case 'signer-revoked':
        this.signers.apply(fact);
        return;
      case 'coordinator-key-made': {
        const key = SigningKey.parse(fact.key);
        // A log that is read again names it once more.
        if (this.coordinatorKeys.some(({ pair }) => pair.key === key)) return;
        this.coordinatorKeys.push({ pair: { key, seed: fact.seed }, madeAt: fact.at, statement: fact.statement });
        return;
      }
      case 'job-registered':
        this.jobNumbers.set(fact.id, fact.number);
        this.lastJob = Math.max(this.lastJob, fact.number);
    }
  }
}
