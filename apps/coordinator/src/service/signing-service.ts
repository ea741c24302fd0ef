import { forgetRefusals, isOver } from '@gossamer/core';
import type {
  CoordinatorKeys,
  DeviceId,
  DeviceView,
  JobSpec,
  Page,
  RefusalView,
  SignerPolicyPatch,
  SignerSpec,
  SignerView,
  SigningKey,
} from '@gossamer/protocol';
import { ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Unvetted } from '../config.ts';
import type { GridSigning } from '../grid-signing.ts';
import type { Caller, PageRequest } from '../grid.ts';
import type { OwnKeys } from '../runtime/coordinator-keys.ts';
import type { GridLog } from '../runtime/grid-log.ts';
import type { FactsOfPrograms } from '../runtime/program-facts.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { SignerRecord } from '../runtime/signer-table.ts';
import type { Signers } from '../runtime/signers.ts';
import type { Enforcement } from './enforcement.ts';
import { pageOfNumbered } from './pages.ts';
import type { Refusals } from './refusals.ts';
import { requireAdmissible } from './require-admissible.ts';
import { signerFingerprint } from './signer-fingerprint.ts';
import { deviceView } from './views.ts';

export interface SigningParts {
  runtime: Runtime;
  grid: GridLog;
  blobs: BlobStore;
  programs: FactsOfPrograms;
  signers: Signers;
  keys: OwnKeys;
  refusals: Refusals;
  unvetted: Unvetted;
  enforcement: Enforcement;
  /** Cards that were made, or that sessions have, say what is no more so. */
  forgetCards: () => void;
}

/** Signers and what follows from them for jobs and devices. */
export class SigningService implements GridSigning {
  readonly #parts: SigningParts;

  constructor(parts: SigningParts) {
    this.#parts = parts;
  }

  signers(caller: Caller, request: PageRequest): Page<SignerView> {
    const records = this.#parts.signers.visibleTo(caller);
    const openJobs = this.#openJobs();
    return pageOfNumbered(records, request, (record) => this.#view(record, openJobs));
  }

  async registerSigner(caller: Caller, spec: SignerSpec): Promise<SignerView> {
    const before = this.#parts.grid.state.signers.get(spec.key)?.name;
    const record = await this.#parts.signers.register(caller, spec);
    // Cards tell a signer's name; of a new one there are none.
    if (before !== undefined && before !== record.name) await this.#enforce(caller);
    return this.#view(record);
  }

  async setSignerPolicy(caller: Caller, key: SigningKey, patch: SignerPolicyPatch): Promise<SignerView> {
    const record = await this.#parts.signers.setPolicy(caller, key, patch);
    await this.#enforce(caller);
    return this.#view(record);
  }

  async revokeSigner(caller: Caller, key: SigningKey): Promise<SignerView> {
    const record = await this.#parts.signers.revoke(caller, key);
    await this.#enforce(caller);
    return this.#view(record);
  }

  /** Throws ProblemError when a new job's program may not run here. */
  async requireAdmissible(caller: Caller, spec: JobSpec): Promise<void> {
    const { blobs, programs, grid, unvetted } = this.#parts;
    await requireAdmissible(blobs, programs, grid.state, unvetted, caller, spec);
  }

  /** To be called when a signed job was made: its signer may have been revoked meanwhile. */
  async recheck(caller: Caller, spec: JobSpec): Promise<void> {
    const record = this.#signerOf(spec);
    if (record !== undefined && record.revokedAt !== null) await this.#enforce(caller);
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

  refusals(request: PageRequest): Page<RefusalView> {
    return this.#parts.refusals.list(request);
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
      await this.#parts.enforcement.carryOut(`apart:${record.device.number}`);
    }
    return deviceView(runtime.scheduler, record, runtime.now());
  }

  #enforce({ key }: Caller): Promise<void> {
    return this.#parts.enforcement.carryOut(`rest:${key}`);
  }

  #signerOf({ signature }: JobSpec): SignerRecord | undefined {
    return signature === null ? undefined : this.#parts.grid.state.signers.get(signature.signer);
  }

  /** How many open jobs each signer has. */
  #openJobs(): Map<SigningKey, number> {
    const open = new Map<SigningKey, number>();
    for (const job of this.#parts.runtime.scheduler.jobs.values()) {
      const signer = job.spec.full.signature?.signer;
      if (signer !== undefined && !isOver(job)) open.set(signer, (open.get(signer) ?? 0) + 1);
    }
    return open;
  }

  #view(record: SignerRecord, openJobs = this.#openJobs()): SignerView {
    const { key, name, owner, policy, registeredAt, revokedAt, successor } = record;
    const granted = policy?.tier ?? (this.#parts.unvetted === 'refuse' ? null : this.#parts.unvetted);
    return {
      key,
      fingerprint: signerFingerprint(key),
      name,
      owner,
      ownerName: this.#parts.grid.state.keys.get(owner)?.view.name ?? '',
      policy,
      tier: revokedAt === null ? granted : null,
      successor,
      openJobs: openJobs.get(key) ?? 0,
      registeredAt,
      revokedAt,
    };
  }
}
