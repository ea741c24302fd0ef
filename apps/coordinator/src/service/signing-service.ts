import type { Effects, Job, Scheduler } from '@gossamer/core';
import { cancelJob, clearDevice, clearJobs, forgetRefusals, isComplete } from '@gossamer/core';
import { fingerprintText } from '@gossamer/program';
import type {
  CoordinatorKeys,
  DeviceId,
  DeviceView,
  JobSpec,
  Page,
  RefusalView,
  Sha256,
  SignerPolicyPatch,
  SignerSpec,
  SignerView,
  SigningKey,
} from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import { createHash } from 'node:crypto';
import type { Unvetted } from '../config.ts';
import type { GridSigning } from '../grid-signing.ts';
import type { Caller, PageRequest } from '../grid.ts';
import type { OwnKeys } from '../runtime/coordinator-keys.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SignerRecord } from '../runtime/signer-table.ts';
import type { Signers } from '../runtime/signers.ts';
import { pageOfNumbered } from './pages.ts';
import type { Refusals } from './refusals.ts';
import { requireAdmissible } from './require-admissible.ts';
import { deviceView } from './views.ts';

export interface SigningParts {
  runtime: Runtime;
  grid: GridLog;
  blobs: BlobStore;
  signers: Signers;
  keys: OwnKeys;
  refusals: Refusals;
  unvetted: Unvetted;
  /** Tells devices to end leases. */
  revoke: (leases: ReturnType<typeof cancelJob>) => void;
  /** Cards that were made, or that sessions have, say what is no more so. */
  forgetCards: () => void;
}

const fingerprint = (key: SigningKey): string =>
  fingerprintText(createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex') as Sha256);

const isOver = (job: Job): boolean => isComplete(job) || job.order.kind === 'cancelled';

/** Signers and what follows from them for jobs and devices. */
export class SigningService implements GridSigning {
  readonly #parts: SigningParts;

  constructor(parts: SigningParts) {
    this.#parts = parts;
  }

  signers(caller: Caller, request: PageRequest): Page<SignerView> {
    const records = this.#parts.signers.visibleTo(caller);
    return pageOfNumbered(records, request, (record) => this.#view(record));
  }

  async registerSigner(caller: Caller, spec: SignerSpec): Promise<SignerView> {
    const before = this.#parts.grid.state.signers.get(spec.key)?.name;
    const record = await this.#parts.signers.register(caller, spec);
    // Cards tell a signer's name; of a new one there are none.
    if (before !== undefined && before !== record.name) await this.#order(`rest:${caller.key}`, clearJobs);
    return this.#view(record);
  }

  async setSignerPolicy(caller: Caller, key: SigningKey, patch: SignerPolicyPatch): Promise<SignerView> {
    const record = await this.#parts.signers.setPolicy(caller, key, patch);
    await this.#order(`rest:${caller.key}`, clearJobs);
    return this.#view(record);
  }

  async revokeSigner(caller: Caller, key: SigningKey): Promise<SignerView> {
    const record = await this.#parts.signers.revoke(caller, key);
    await this.cancelRevoked(`rest:${caller.key}`);
    return this.#view(record);
  }

  /**
   * Cancels the open jobs of revoked signers. After a crash between a revocation and this, the next start does it; so
   * does who makes a job while its signer is revoked.
   */
  async cancelRevoked(cause: string): Promise<void> {
    const ended: ReturnType<typeof cancelJob> = new Map();
    await this.#parts.runtime.run(cause, (effects) => {
      const { scheduler } = this.#parts.runtime;
      const now = this.#parts.runtime.now();
      for (const job of scheduler.jobs.values()) {
        const record = this.#signerOf(job.spec.full);
        if (record === undefined || record.revokedAt === null || isOver(job)) continue;
        const reason = `its signer “${record.name}” (${fingerprint(record.key)}) was revoked`;
        for (const [device, refs] of cancelJob(scheduler, job, reason, now, effects)) {
          ended.set(device, [...(ended.get(device) ?? []), ...refs]);
        }
      }
    });
    this.#parts.forgetCards();
    this.#parts.revoke(ended);
  }

  /** Throws ProblemError when a new job's program may not run here. */
  async requireAdmissible(caller: Caller, spec: JobSpec): Promise<void> {
    const { blobs, grid, unvetted } = this.#parts;
    await requireAdmissible(blobs, grid.state, unvetted, caller, spec);
  }

  /** To be called when a signed job was made: its signer may have been revoked meanwhile. */
  async recheck(caller: Caller, spec: JobSpec): Promise<void> {
    const record = this.#signerOf(spec);
    if (record !== undefined && record.revokedAt !== null) await this.cancelRevoked(`rest:${caller.key}`);
  }

  coordinatorKeys(): CoordinatorKeys {
    return this.#parts.keys.view();
  }

  async rotateCoordinatorKey(): Promise<CoordinatorKeys> {
    const { keys, runtime, forgetCards } = this.#parts;
    const view = await keys.rotate();
    forgetCards();
    forgetRefusals(runtime.scheduler);
    return view;
  }

  refusals(): RefusalView[] {
    return this.#parts.refusals.list();
  }

  async setApart(id: DeviceId, apart: boolean): Promise<DeviceView> {
    const { grid, runtime } = this.#parts;
    const record = grid.state.deviceById.get(id);
    if (record === undefined) throw new ProblemError('device-unknown', id);
    if (record.device.apart !== apart) {
      const at = runtime.now();
      // By its number: a cause that named it would outlive its being forgotten.
      await grid.record(`apart:${record.device.number}`, {
        kind: 'device-set-apart',
        at,
        number: record.device.number,
        apart,
      });
      const { number } = record.device;
      await this.#order(`apart:${number}`, (scheduler, now, effects) => clearDevice(scheduler, number, now, effects));
    }
    return deviceView(runtime.scheduler, record, runtime.now());
  }

  async #order(
    cause: string,
    command: (scheduler: Scheduler, now: number, effects: Effects) => ReturnType<typeof cancelJob>,
  ): Promise<void> {
    const { runtime } = this.#parts;
    let ended: ReturnType<typeof cancelJob> = new Map();
    try {
      await runtime.run(cause, (effects) => {
        ended = command(runtime.scheduler, runtime.now(), effects);
      });
    } finally {
      // What was decided is told, also where it could not be written down now.
      this.#parts.forgetCards();
      this.#parts.revoke(ended);
    }
  }

  #signerOf({ signature }: JobSpec): SignerRecord | undefined {
    return signature === null ? undefined : this.#parts.grid.state.signers.get(signature.signer);
  }

  #openJobs(key: SigningKey): number {
    let open = 0;
    for (const job of this.#parts.runtime.scheduler.jobs.values()) {
      if (job.spec.full.signature?.signer === key && !isOver(job)) open += 1;
    }
    return open;
  }

  #view(record: SignerRecord): SignerView {
    const { key, name, owner, policy, registeredAt, revokedAt, successor } = record;
    const granted = policy?.tier ?? (this.#parts.unvetted === 'refuse' ? null : this.#parts.unvetted);
    return {
      key,
      fingerprint: fingerprint(key),
      name,
      owner,
      ownerName: this.#parts.grid.state.keys.get(owner)?.view.name ?? '',
      policy,
      tier: revokedAt === null ? granted : null,
      successor,
      openJobs: this.#openJobs(key),
      registeredAt,
      revokedAt,
    };
  }
}
