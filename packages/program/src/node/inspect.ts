import { LIMITS, ProblemError } from '@gossamer/protocol';
import { faultText } from '../import-rule.ts';
import { placeAt, placeText } from '../place.ts';
import { type LeftImport, leftImports } from './dynamic-imports.ts';
import { exportsProblem, runProblem } from './exports-rule.ts';
import { parseModule } from './parse-module.ts';
import { programError } from './program-error.ts';

const FILE = 'program.js';

/** What is known of a module's text without running any of it. */
export interface InspectedModule {
  /** The names of all that it exports. */
  names: readonly string[];
  /** Whether `run` is seen to be a function: what is computed, or assigned, is not known before it is evaluated. */
  isRunKnown: boolean;
}

/**
 * Checks an uploaded module's text, without running any of it: it must parse, import nothing and export `run`, which must not be
 * seen to be a generator.
 * Throws ProblemError `body-too-large`, `program-invalid`, `program-imports` or `program-exports`, with the place.
 */
export const inspectModule = async (code: string): Promise<InspectedModule> => {
  const size = Buffer.byteLength(code);
  if (size > LIMITS.program) {
    throw new ProblemError('body-too-large', `the program is ${size} bytes; ${LIMITS.program} are allowed`);
  }
  const outcome = await parseModule(code);
  switch (outcome.kind) {
    case 'gave-up':
      throw programError('program-invalid', [{ at: FILE, message: `it cannot be parsed: ${outcome.message}` }]);
    case 'unparsed': {
      const at = outcome.place === null ? FILE : placeText(FILE, outcome.place);
      const message = outcome.name === 'SyntaxError' ? outcome.message : 'it is nested too deeply to be parsed';
      throw programError('program-invalid', [{ at, message }]);
    }
    case 'imports':
    case 'parsed':
      await refuseImports(code);
  }
  const names = outcome.kind === 'parsed' ? outcome.names : [];
  const problem = exportsProblem(FILE, names);
  if (problem !== null) throw problem;
  const run = outcome.kind === 'parsed' ? outcome.run : null;
  if (run?.endsWith('GeneratorFunction') === true) {
    throw runProblem(FILE, run.startsWith('Async') ? 'an async generator' : 'a generator');
  }
  return { names, isRunKnown: run !== null };
};

/** The same for callers that ask for the names of its exports alone. */
export const inspectProgram = async (code: string): Promise<readonly string[]> => (await inspectModule(code)).names;

const refuseImports = async (code: string): Promise<void> => {
  const left = await readImports(code);
  if (left.length === 0) return;
  throw programError(
    'program-imports',
    left.map(({ specifier, computed, offset }) => ({
      at: placeText(FILE, placeAt(code, offset)),
      message: faultText(computed ? 'computed' : 'left-over', specifier),
    })),
  );
};

const readImports = async (code: string): Promise<LeftImport[]> => {
  try {
    return await leftImports(code);
  } catch {
    throw programError('program-invalid', [{ at: FILE, message: 'its imports cannot be read' }]);
  }
};
