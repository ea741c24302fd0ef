import type { ProgramManifest } from '@gossamer/protocol';
import type { ProgramFacts } from './program-facts.ts';
import { ProgramRefused } from './refused.ts';

/** Checks what a program's bytes say of themselves against its manifest: kind and memory. Throws ProgramRefused `program`. */
export const requireFacts = ({ kind, memoryBytes }: ProgramFacts, manifest: ProgramManifest): void => {
  if (kind !== manifest.kind)
    throw new ProgramRefused('program', `it is ${kind}, and its manifest says ${manifest.kind}`);
  if (kind === 'js') return;
  if (memoryBytes === null) throw new ProgramRefused('program', 'it is no module of WebAssembly that may run here');
  if (memoryBytes > (manifest.limits.memoryBytes ?? 0)) {
    throw new ProgramRefused('program', 'it may take more memory than its manifest says');
  }
};
