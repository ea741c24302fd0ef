import type { Signer } from '@gossamer/program';
import { manifestOf, signManifest } from '@gossamer/program';
import { JobLimits, type JobSpecInput, type ProgramSignature } from '@gossamer/protocol';
import { GossamerError } from './error.ts';

/** A name on one line, as a manifest has it. */
const oneLine = (name: string): string => name.replaceAll(/[\p{Cs}\p{Cc}]/gu, ' ').slice(0, 200);

/** Signs a program with a manifest that allows just what a job asks for. */
export const signProgram = async (
  signer: Signer,
  bytes: Uint8Array,
  { name, limits }: { name: string; limits: JobSpecInput['limits'] },
): Promise<ProgramSignature> => {
  const read = JobLimits.safeParse(limits ?? {});
  if (!read.success) throw new GossamerError('request-invalid', `the limits do not fit: ${read.error.message}`);
  const manifest = await manifestOf(new Uint8Array(bytes), { name: oneLine(name), limits: read.data });
  return signManifest(signer, manifest);
};
