import { ProblemError } from '@gossamer/protocol';
import type { ProgramEntry } from '@gossamer/program/node';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GossamerError, type ProgramRef } from '../index.ts';
import { type PreparedProgram, namedProgram } from '../platform.ts';

/** Bundles a file, or a module's text with its imports. */
export const prepareProgram = async (ref: ProgramRef): Promise<PreparedProgram> => {
  if (typeof ref === 'object' && 'sha256' in ref) return namedProgram(ref.sha256);
  const entry: ProgramEntry = ref instanceof URL ? fileURLToPath(ref) : ref;
  // Loaded only when needed: the bundler is a process of its own.
  const { bundleProgram } = await import('@gossamer/program/node');
  try {
    const { bytes, warnings } = await bundleProgram(entry);
    const name = typeof entry === 'string' ? basename(entry) : 'program';
    return { content: bytes, name, warnings };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new GossamerError(error.code, error.message, { errors: error.errors, cause: error });
  }
};
