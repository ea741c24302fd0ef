import type { Signer } from '@gossamer/program';
import { manifestOf, signManifest } from '@gossamer/program';
import { JobLimits, type JobSpecInput, type ProgramSignature, signedNameOf } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';

/** Of a manifest's name, characters. */
const MOST_NAME = 200;

/** Signs a program with a manifest that allows just what a job asks for. */
export const signProgram = async (
  signer: Signer,
  bytes: Uint8Array,
  { name, limits }: { name: string; limits: JobSpecInput['limits'] },
): Promise<ProgramSignature> => {
  const read = JobLimits.safeParse(limits ?? {});
  if (!read.success) throw errorOf('request-invalid', `the limits do not fit: ${read.error.message}`);
  const manifest = await manifestOf(new Uint8Array(bytes), {
    name: signedNameOf(name.slice(0, MOST_NAME)),
    limits: read.data,
  });
  return signManifest(signer, manifest);
};
