import type { ProgramManifest, ProgramSignature, SignerSpecInput, SigningKey } from '@gossamer/protocol';
import { encodeManifest, encodeRegistration, encodeSignerSuccession } from './encode.ts';

/** Whoever has a signing key: in a file, in a browser's storage, in a machine that gives no key away. */
export interface Signer {
  readonly key: SigningKey;
  /** An Ed25519 signature over the bytes, base64url. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
}

export const signManifest = async (signer: Signer, manifest: ProgramManifest): Promise<ProgramSignature> => ({
  signer: signer.key,
  manifest,
  signature: await signer.sign(encodeManifest(manifest)),
});

/**
 * What registers a signer for an API key (its id); with `before`, as the successor of that one.
 */
export const registrationOf = async (
  signer: Signer,
  name: string,
  owner: string,
  before: Signer | null = null,
): Promise<SignerSpecInput> => {
  const proof = await signer.sign(encodeRegistration(signer.key, name, owner));
  if (before === null) return { key: signer.key, name, proof };
  const statement = await before.sign(encodeSignerSuccession(before.key, signer.key, owner));
  return { key: signer.key, name, proof, succeeds: { key: before.key, statement } };
};
