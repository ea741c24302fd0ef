import type { Job } from '@gossamer/core';
import { encodeManifest, manifestFrom } from '@gossamer/program';
import type { ProgramManifest, SignedProgram, Sha256 } from '@gossamer/protocol';
import { signedNameOf } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import type { OwnKeys } from '../runtime/coordinator-keys.ts';
import type { GridState } from '../runtime/grid-state.ts';
import type { FactsOfPrograms } from '../runtime/program-facts.ts';

/** Countersigns what is admitted: what a tab verifies of a job's program. */
export class SignedPrograms {
  readonly #keys: OwnKeys;
  readonly #state: GridState;
  readonly #facts: FactsOfPrograms;

  constructor(keys: OwnKeys, state: GridState, facts: FactsOfPrograms) {
    this.#keys = keys;
    this.#state = state;
    this.#facts = facts;
  }

  async of(job: Job, size: number): Promise<SignedProgram> {
    const { signature } = job.spec.full;
    const manifest = signature?.manifest ?? (await this.#unsigned(job, size));
    const record = signature === null ? undefined : this.#state.signers.get(signature.signer);
    const admission = this.#keys.admit({
      job: job.spec.id,
      manifestSha256: createHash('sha256').update(encodeManifest(manifest)).digest('hex') as Sha256,
      signer: record === undefined ? null : { key: record.key, name: record.name },
      // One that was barred a moment ago is given to nobody; its card must not say more than the least.
      tier: job.clearance.kind === 'public' ? 'public' : 'playground',
    });
    return { manifest, signature: signature?.signature ?? null, admission };
  }

  /** What nobody signed may use what its job asks for. */
  async #unsigned(job: Job, size: number): Promise<ProgramManifest> {
    const { full, limits, name } = job.spec;
    const facts = await this.#facts.of(full.program, size);
    return manifestFrom({ ...facts, sha256: full.program }, { name: signedNameOf(name), limits });
  }
}
