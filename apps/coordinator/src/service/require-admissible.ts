import { encodeManifest, ProgramRefused, requireFacts } from '@gossamer/program';
import { hasSigned } from '@gossamer/program/node';
import type { JobSpec } from '@gossamer/protocol';
import { LIMITS, ProblemError } from '@gossamer/protocol';
import type { BlobStore } from '@gossamer/store';
import type { Unvetted } from '../config.ts';
import type { Caller } from '../grid.ts';
import type { GridState } from '../runtime/grid-state.ts';
import { clearanceOf } from '../runtime/clearance.ts';
import type { FactsOfPrograms } from '../runtime/program-facts.ts';

/** What of a job exceeds its manifest, field by field. */
const excessOf = ({ program, limits, signature }: JobSpec): { path: string; message: string }[] => {
  const found: { path: string; message: string }[] = [];
  const manifest = signature!.manifest;
  if (manifest.sha256 !== program) {
    found.push({ path: 'program', message: `the manifest is that of ${manifest.sha256}` });
  }
  for (const name of ['deadlineMs', 'resultBytes'] as const) {
    if (limits[name] <= manifest.limits[name]) continue;
    found.push({ path: `limits.${name}`, message: `the manifest allows ${manifest.limits[name]}` });
  }
  return found;
};

/** The manifest's hash is the job's, by which the bytes are stored: what they say of themselves is to be compared. */
const requireProgram = async (blobs: BlobStore, programs: FactsOfPrograms, { signature }: JobSpec): Promise<void> => {
  const { manifest } = signature!;
  const size = (await blobs.stat(manifest.sha256))?.size;
  // What is missing or too large is told by who looks into the program.
  if (size === undefined || size > LIMITS.program) return;
  try {
    if (size !== manifest.size) throw new ProgramRefused('program', 'its bytes are not those of its manifest');
    requireFacts(await programs.of(manifest.sha256, size), manifest);
  } catch (error) {
    if (error instanceof ProgramRefused) throw new ProblemError('signature-wrong', error.message);
    throw error;
  }
};

/**
 * Whether a new job's program may run here. Throws ProblemError `signature-missing`, `signature-wrong`,
 * `signer-unknown` (also for another's signer), `signer-revoked`, `signer-forbidden`.
 */
export const requireAdmissible = async (
  blobs: BlobStore,
  programs: FactsOfPrograms,
  state: GridState,
  unvetted: Unvetted,
  caller: Caller,
  spec: JobSpec,
): Promise<void> => {
  const { signature } = spec;
  if (signature !== null) {
    const signer = state.signers.get(signature.signer);
    const isOwn = signer?.owner === caller.key || caller.role === 'operator';
    if (signer === undefined || !isOwn) throw new ProblemError('signer-unknown', signature.signer);
    if (signer.successor !== null) {
      throw new ProblemError('signer-revoked', `another key has taken its place: ${signer.successor}`);
    }
    if (!hasSigned(signature.signer, encodeManifest(signature.manifest), signature.signature)) {
      throw new ProblemError('signature-wrong', 'it is not the signer’s over this manifest');
    }
    const errors = excessOf(spec);
    if (errors.length > 0) throw new ProblemError('signature-wrong', 'the job is not within its manifest', errors);
  }
  const ruling = clearanceOf(spec, state, unvetted);
  if (ruling.kind === 'barred') throw new ProblemError(ruling.code, ruling.reason);
  if (signature !== null) await requireProgram(blobs, programs, spec);
};
