import { type Device, type GridFact, isEmptied, Past } from '@gossamer/core';
import type { KeyPair } from '@gossamer/program/node';
import type { Capabilities, DeviceClass, KeyView } from '@gossamer/protocol';
import { BatchId, classOf, DeviceId, KeyId, SigningKey } from '@gossamer/protocol';
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
  /** The facts that tell something of it: the one of its first visit, and the last one of its network. */
  facts: number[];
}

export interface JobRequest {
  /** SHA-256 of the caller and the idempotency key, hexadecimal. */
  key: string;
  /** SHA-256 of what was asked for, hexadecimal. */
  fingerprint: string;
}

/** What is left of a device that was forgotten. */
export interface ForgottenDevice {
  class: DeviceClass;
  /** The facts that tell something of it still: they are to be emptied. */
  facts: number[];
}

/** Jobs that were made together. */
export interface BatchRecord {
  id: BatchId;
  number: number;
  name: string;
  /** The key's id. */
  submitter: string;
  submitterName: string;
  jobs: number[];
  createdAt: number;
}

/** How far a job is deleted: decided, its accounts kept, nothing of it left. */
export interface DeletedJob {
  /** The key that may be told so. */
  submitter: string;
  phase: 'deleted' | 'settled' | 'cleared';
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
  /** Revoked ones, too: a configuration may still name them. */
  readonly keyByHash = new Map<string, KeyRecord>();
  readonly devices = new Map<number, DeviceRecord>();
  readonly deviceByKey = new Map<string, DeviceRecord>();
  readonly deviceById = new Map<string, DeviceRecord>();
  readonly signers = new SignerTable();
  /** The coordinator's own keys; the last one is in use. */
  readonly coordinatorKeys: CoordinatorKey[] = [];
  readonly forgotten = new Map<number, ForgottenDevice>();
  /** Facts that tell in which network a device was before it was in its last one: that is to be emptied, too. */
  readonly superseded = new Set<number>();
  /** Job numbers by id; whether the job exists is said by its own log. */
  readonly jobNumbers = new Map<string, number>();
  /** Requests that had an idempotency key, by it, and which job's number they took. */
  readonly jobRequests = new Map<string, { fingerprint: string; number: number }>();
  /** Jobs that were deleted, by number. */
  readonly deleted = new Map<number, DeletedJob>();
  /** What devices have earned in them. */
  readonly past = new Past();
  /** Batches that were made, by id. */
  readonly batches = new Map<string, BatchRecord>();
  /** By job number: its batch, be it made or not. */
  readonly batchOf = new Map<number, string>();
  /** As `jobRequests`, with the numbers of batches. */
  readonly batchRequests = new Map<string, { fingerprint: string; number: number }>();
  lastBatch = 0;
  lastJob = 0;
  lastDevice = 0;

  /** `number` is the fact's own in the log. */
  apply(fact: GridFact, number: number): void {
    switch (fact.kind) {
      case 'grid-created':
        this.secret = Buffer.from(fact.secret, 'hex');
        return;
      case 'key-created': {
        const { role, name, at, hash, expiresAt, quota } = fact;
        const view = { id: KeyId.parse(fact.id), role, name, createdAt: at, expiresAt, revokedAt: null, quota };
        const record = { view, hash };
        this.keys.set(fact.id, record);
        this.keyByHash.set(hash, record);
        return;
      }
      case 'key-revoked': {
        const record = this.keys.get(fact.id);
        if (record !== undefined) record.view = { ...record.view, revokedAt: fact.at };
        return;
      }
      case 'key-quota-set': {
        const record = this.keys.get(fact.id);
        if (record !== undefined) record.view = { ...record.view, quota: fact.quota };
        return;
      }
      case 'device-seen':
        this.#seen(fact, number);
        return;
      case 'device-moved':
        this.#moved(fact, number);
        return;
      case 'device-forgotten': {
        const record = this.devices.get(fact.number);
        // A log that is read again says it once more.
        const facts = record?.facts ?? this.forgotten.get(fact.number)?.facts ?? [];
        this.forgotten.set(fact.number, { class: fact.class, facts });
        if (record === undefined) return;
        this.devices.delete(fact.number);
        this.deviceByKey.delete(record.publicKey);
        this.deviceById.delete(record.id);
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
      case 'job-deleted':
        // A log that is read again says it once more.
        if (!this.deleted.has(fact.number))
          this.deleted.set(fact.number, { submitter: fact.submitter, phase: 'deleted' });
        return;
      case 'job-settled': {
        this.past.add(fact.number, fact.accounts);
        const job = this.deleted.get(fact.number);
        if (job?.phase === 'deleted') job.phase = 'settled';
        return;
      }
      case 'job-cleared': {
        const job = this.deleted.get(fact.number);
        if (job !== undefined) job.phase = 'cleared';
        return;
      }
      case 'job-registered':
        this.jobNumbers.set(fact.id, fact.number);
        if (fact.request !== null) {
          const { key, fingerprint } = fact.request;
          this.jobRequests.set(key, { fingerprint, number: fact.number });
        }
        if (fact.batch !== null) this.batchOf.set(fact.number, fact.batch);
        this.lastJob = Math.max(this.lastJob, fact.number);
        return;
      case 'batch-made': {
        const { id, number, name, submitter, submitterName, jobs, at, request } = fact;
        this.batches.set(id, { id: BatchId.parse(id), number, name, submitter, submitterName, jobs, createdAt: at });
        if (request !== null) this.batchRequests.set(request.key, { fingerprint: request.fingerprint, number });
        this.lastBatch = Math.max(this.lastBatch, number);
      }
    }
  }

  /** The job's number was taken for a batch that was not made: there is no such job. */
  isVoid(job: number): boolean {
    const batch = this.batchOf.get(job);
    return batch !== undefined && !this.batches.has(batch);
  }

  #seen(fact: GridFact & { kind: 'device-seen' }, at: number): void {
    const { number, id, publicKey, platform, prefix } = fact;
    this.lastDevice = Math.max(this.lastDevice, number);
    if (isEmptied(fact)) return;
    // A log that is read again says nothing new of what the device has.
    const before = this.devices.get(number)?.device;
    const capabilities = before?.capabilities ?? UNTOLD;
    const playground = { apart: before?.apart ?? false, optedIn: before?.optedIn ?? false };
    const kind = classOf(platform);
    const device = { number, id, volunteer: id, prefix, class: kind, capabilities, ...playground };
    const record = { device, id: DeviceId.parse(id), publicKey, platform, firstSeen: fact.at, facts: [at] };
    this.devices.set(number, record);
    this.deviceByKey.set(publicKey, record);
    this.deviceById.set(id, record);
  }

  #moved({ number, prefix }: GridFact & { kind: 'device-moved' }, at: number): void {
    const record = this.devices.get(number);
    // A device that came in the moment in which it was forgotten.
    if (record === undefined && prefix !== null) this.forgotten.get(number)?.facts.push(at);
    if (record === undefined) return;
    const before = record.facts.at(-1)!;
    // What was emptied already tells no network; what is read again is older than what is known.
    if (before < at && record.device.prefix !== null) this.superseded.add(before);
    record.device.prefix = prefix;
    record.facts = [record.facts[0]!, at];
  }
}
