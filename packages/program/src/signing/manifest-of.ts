import type { ProgramLimits, ProgramManifest } from '@gossamer/protocol';
import { sha256Of } from '../sha256.ts';
import { type ProgramFacts, programFacts } from './program-facts.ts';

export interface ManifestOptions {
  name: string;
  /** What the program may use, at the most: a job of it that wants more is refused. */
  limits: Pick<ProgramLimits, 'deadlineMs' | 'resultBytes'>;
}

/** The manifest of a program by what is known of it; a wasm module's memory is what it declares. */
export const manifestFrom = (
  { sha256, size, kind, memoryBytes }: ProgramFacts & Pick<ProgramManifest, 'sha256' | 'size'>,
  { name, limits: { deadlineMs, resultBytes } }: ManifestOptions,
): ProgramManifest => ({
  format: 1,
  sha256,
  size,
  kind,
  name,
  limits: { deadlineMs, resultBytes, memoryBytes },
});

/** The manifest of a program's bytes. */
export const manifestOf = async (bytes: Uint8Array<ArrayBuffer>, options: ManifestOptions): Promise<ProgramManifest> =>
  manifestFrom({ ...programFacts(bytes), sha256: await sha256Of(bytes), size: bytes.byteLength }, options);
