import type { ProgramLimits, Sha256, SignedProgram, SigningKey } from '@gossamer/protocol';
import { sha256Of } from '../sha256.ts';
import type { Verify } from './ed25519.ts';
import { encodeAdmission, encodeManifest } from './encode.ts';
import { ProgramRefused } from './refused.ts';

/** What a job wants to run, by its card. */
export interface WantedProgram {
  /** The job's id. */
  id: string;
  program: { sha256: Sha256; size: number };
  limits: Pick<ProgramLimits, 'deadlineMs' | 'resultBytes'>;
  signed: SignedProgram;
}

export interface Trust {
  /** Throws ProgramRefused `coordinator-key` for a key that does not follow from the one that is known. */
  requireKey: (key: SigningKey) => Promise<void>;
  verify: Verify;
}

const refuse = (...refusal: ConstructorParameters<typeof ProgramRefused>): never => {
  throw new ProgramRefused(...refusal);
};

/**
 * Checks all that is signed about a job's program but the bytes themselves, which are fetched by their hash: the coordinator's key,
 * its admission of this manifest for this job, the signer's signature, and that the job keeps within the manifest.
 * Throws ProgramRefused.
 */
export const requireSigned = async (wanted: WantedProgram, { requireKey, verify }: Trust): Promise<void> => {
  const { manifest, signature, admission } = wanted.signed;
  await requireKey(admission.key);
  if (!(await verify(admission.key, encodeAdmission(admission), admission.signature))) {
    refuse('admission', 'its admission was not signed by the coordinator');
  }
  if (admission.job !== wanted.id) refuse('admission', 'its admission is that of another job');
  const encoded = encodeManifest(manifest);
  if ((await sha256Of(encoded)) !== admission.manifestSha256) {
    refuse('manifest', 'its manifest is not the one that the coordinator admitted');
  }
  if (manifest.sha256 !== wanted.program.sha256 || manifest.size !== wanted.program.size) {
    refuse('manifest', 'its manifest is that of another program');
  }
  const { signer } = admission;
  if (signer === null ? signature !== null : !(await verify(signer.key, encoded, signature ?? ''))) {
    refuse(
      'signature',
      `its manifest was not signed by ${signer === null ? 'nobody, as is said' : `“${signer.name}”`}`,
    );
  }
  const { deadlineMs, resultBytes } = wanted.limits;
  if (deadlineMs > manifest.limits.deadlineMs || resultBytes > manifest.limits.resultBytes) {
    refuse('limits', 'the job would use more than the manifest of its program allows');
  }
};
