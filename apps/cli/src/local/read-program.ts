import { bundleProgram, inspectProgram, readWasmProgram } from '@gossamer/program/node';
import { ProblemError, type ProgramKind } from '@gossamer/protocol';
import { errorOf, requireProgramFile } from '@gossamer/sdk/node';

export interface LocalProgram {
  kind: ProgramKind;
  bytes: Uint8Array;
  /** Of a JavaScript program, for its judgement. */
  code: { text: string; sha256: string; exports: readonly string[] } | null;
  sourceMap: string | null;
  warnings: string[];
}

/** Bundles a program, or reads a wasm module, as `map` does before it uploads it. Throws GossamerError. */
export const readProgram = async (path: string): Promise<LocalProgram> => {
  await requireProgramFile(path);
  try {
    if (/\.wasm$/i.test(path)) {
      return { kind: 'wasm', bytes: await readWasmProgram(path), code: null, sourceMap: null, warnings: [] };
    }
    const { bytes, code: text, sha256, sourceMap, warnings } = await bundleProgram(path);
    return { kind: 'js', bytes, code: { text, sha256, exports: await inspectProgram(text) }, sourceMap, warnings };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw errorOf(error.code, error.message, { errors: error.errors, cause: error });
  }
};
