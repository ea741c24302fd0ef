import type { ProgramManifest } from '@gossamer/protocol';
import { sha256Of } from '../sha256.ts';
import { type ProgramFacts, programFacts } from './program-facts.ts';
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

/** Checks that bytes are the program of a manifest: size, SHA-256, kind, memory. Throws ProgramRefused `program`. */
export const requireBytes = async (bytes: Uint8Array<ArrayBuffer>, manifest: ProgramManifest): Promise<void> => {
  if (bytes.byteLength !== manifest.size || (await sha256Of(bytes)) !== manifest.sha256) {
    throw new ProgramRefused('program', 'its bytes are not those of its manifest');
  }
  requireFacts(programFacts(bytes), manifest);
};
