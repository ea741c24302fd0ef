import type { KeySuccession, ProgramManifest, SigningKey } from '@gossamer/protocol';
import { encodeAdmission, encodeManifest, encodeSuccession, manifestOf, sha256Of } from '../../src/index.ts';
import type { WantedProgram } from '../../src/index.ts';
import type { KeyPair } from '../../src/node/ed25519.ts';
import { makeKeyPair, signEd25519 } from '../../src/node/ed25519.ts';

export const JOB = 'job_017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
export const LIMITS = { deadlineMs: 60_000, resultBytes: 65_536 };
export const PROGRAM = new TextEncoder().encode('export const run = (x) => x;');

export const succession = (from: KeyPair, to: SigningKey, issuedAt = 5): KeySuccession => {
  const claim = { from: from.key, to, issuedAt };
  return { ...claim, signature: signEd25519(from, encodeSuccession(claim)) };
};

/** A program that is signed and admitted as it should be, and the keys of both. */
export const signedProgram = async (change: Partial<ProgramManifest> = {}) => {
  const [signer, coordinator] = [makeKeyPair(), makeKeyPair()];
  const manifest = { ...(await manifestOf(PROGRAM, { name: 'Echo', limits: LIMITS })), ...change };
  const encoded = encodeManifest(manifest);
  const claim = {
    job: JOB,
    manifestSha256: await sha256Of(encoded),
    signer: { key: signer.key, name: 'Ada' },
    tier: 'public' as const,
    issuedAt: 1_700_000_000_000,
    key: coordinator.key,
  };
  const admission = { ...claim, signature: signEd25519(coordinator, encodeAdmission(claim)) };
  const wanted: WantedProgram = {
    id: JOB,
    program: { sha256: manifest.sha256, size: manifest.size },
    limits: LIMITS,
    signed: { manifest, signature: signEd25519(signer, encoded), admission },
  };
  return { signer, coordinator, wanted };
};
