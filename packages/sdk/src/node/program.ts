import { ProblemError } from '@gossamer/protocol';
import type { ProgramEntry } from '@gossamer/program/node';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramRef } from '../index.ts';
import { errorOf } from '../error-kinds.ts';
import { type PreparedProgram, namedProgram } from '../platform.ts';
import { requireProgramFile } from './program-file.ts';

const WASM_FILE = /\.wasm$/i;

/** Reads and checks a wasm module, or bundles a file, or a module's text with its imports. */
export const prepareProgram = async (ref: ProgramRef): Promise<PreparedProgram> => {
  if (typeof ref === 'object' && 'sha256' in ref) return namedProgram(ref.sha256);
  const entry: ProgramEntry = ref instanceof URL ? fileURLToPath(ref) : ref;
  if (typeof entry === 'string') await requireProgramFile(entry);
  try {
    return await (typeof entry === 'string' && WASM_FILE.test(entry) ? readModule(entry) : bundle(entry));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw errorOf(error.code, error.message, { errors: error.errors, cause: error });
  }
};

// Loaded only when needed: the bundler is a process of its own.
const bundle = async (entry: ProgramEntry): Promise<PreparedProgram> => {
  const { bundleProgram } = await import('@gossamer/program/node');
  const { bytes, sourceMap, warnings } = await bundleProgram(entry);
  return { content: bytes, name: typeof entry === 'string' ? basename(entry) : 'program', warnings, sourceMap };
};

const readModule = async (path: string): Promise<PreparedProgram> => {
  const { readWasmProgram } = await import('@gossamer/program/node');
  return { content: await readWasmProgram(path), name: basename(path), warnings: [] };
};
