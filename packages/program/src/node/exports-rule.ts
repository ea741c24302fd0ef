import type { ProblemError } from '@gossamer/protocol';
import { programError } from './program-error.ts';

/** A `program-exports` problem unless `run` is among the module's exports. */
export const exportsProblem = (file: string, names: readonly string[]): ProblemError | null => {
  if (names.includes('run')) return null;
  const found = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`;
  return programError('program-exports', [
    { at: file, message: `${found}; write \`export function run(input, ctx) { ... }\`` },
  ]);
};
