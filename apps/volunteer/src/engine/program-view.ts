import { modulePartsOf } from '@gossamer/cage/engine';
import { fingerprintOf } from '@gossamer/program';
import type { JobCard } from '@gossamer/protocol';
import type { ProgramView } from '../shared/snapshot.ts';
import type { LoadedProgram } from './programs.ts';

const sourceOf = async (card: JobCard, { program }: LoadedProgram): Promise<ProgramView['source']> => {
  if (program.kind === 'refused') return { kind: 'refused', reason: program.reason };
  if (program.kind === 'js') return { kind: 'text', text: program.text };
  return { kind: 'wasm', ...(await modulePartsOf(program.bytes, card.limits.memoryBytes)) };
};

/** What the page tells of a job's program, once it was vetted. */
export const programView = async (card: JobCard, program: LoadedProgram): Promise<ProgramView> => {
  const { manifest, admission } = card.signed;
  const { signer, tier } = admission;
  return {
    job: card.name,
    submitter: card.submitter,
    manifest,
    signer: signer === null ? null : { name: signer.name, fingerprint: await fingerprintOf(signer.key) },
    tier,
    limits: card.limits,
    data: card.data.map(({ name, size }) => ({ name, size })),
    source: await sourceOf(card, program),
  };
};
