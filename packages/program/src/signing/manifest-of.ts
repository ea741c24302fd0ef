import type { ProgramLimits, ProgramManifest } from '@gossamer/protocol';
import { sha256Of } from '../sha256.ts';
import { programFacts } from './program-facts.ts';

export interface ManifestOptions {
  name: string;
  /** What the program may use, at the most: a job of it that wants more is refused. */
  limits: Pick<ProgramLimits, 'deadlineMs' | 'resultBytes'>;
}

/** The manifest of a program's bytes; a wasm module's memory is what it declares. */
export const manifestOf = async (
  bytes: Uint8Array<ArrayBuffer>,
  { name, limits }: ManifestOptions,
): Promise<ProgramManifest> => {
  const { kind, memoryBytes } = programFacts(bytes);
  const { deadlineMs, resultBytes } = limits;
  const sha256 = await sha256Of(bytes);
  return {
    format: 1,
    sha256,
    size: bytes.byteLength,
    kind,
    name,
    limits: { deadlineMs, resultBytes, memoryBytes },
  };
};
