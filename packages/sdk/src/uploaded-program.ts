import type { Signer } from '@gossamer/program';
import type { JobSpecInput, ProgramSignature, Sha256 } from '@gossamer/protocol';
import type { Blobs } from './blobs.ts';
import { errorOf } from './error-kinds.ts';
import { signProgram } from './sign-program.ts';

/** A program that is on the grid, with what a job that is made of it by hand should name. */
export interface UploadedProgram {
  sha256: Sha256;
  /** Of its file. */
  name: string;
  /** A blob that leads from places in it to its sources, for stacks of failed attempts; null where it was not bundled here. */
  sourceMap: Sha256 | null;
}

/** What a signature says of a job, beside its program. */
export interface SignedFor {
  name: string;
  limits: JobSpecInput['limits'];
}

/**
 * Signs a program that is on the grid; `bytes` are those that went up, or null for one that was uploaded before: then they are
 * read. Throws GossamerError `usage` where they are not what the name says.
 */
export const signUploaded = async (
  blobs: Blobs,
  signer: Signer,
  { sha256, bytes }: { sha256: Sha256; bytes: Uint8Array | null },
  { name, limits }: SignedFor,
): Promise<ProgramSignature> => {
  const whole = bytes ?? new Uint8Array(await new Response(await blobs.get(sha256)).arrayBuffer());
  const signed = await signProgram(signer, whole, { name, limits });
  // What was asked for is what is signed, whatever stood on the way.
  if (signed.manifest.sha256 !== sha256) {
    throw errorOf('usage', `the grid's blob ${sha256} has other bytes than its name says: it was not signed`);
  }
  return signed;
};
