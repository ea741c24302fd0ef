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

/** What can be an export `run`. */
const FUNCTION = 'it must be a function: export function run(input, ctx) { ... }';
const ONE_RESULT = 'and a unit has one result: return it, and tell how far it is by ctx.progress(0..1)';

/** What is wrong with a `run` of this kind, such as "a number" or "an async generator". */
export const runText = (kind: string): string => {
  if (kind.endsWith('generator')) return `\`run\` is ${kind}, ${ONE_RESULT}`;
  if (kind === 'a class') return `\`run\` is a class, which cannot be called; ${FUNCTION}`;
  return `\`run\` is ${kind}; ${FUNCTION}`;
};

/** A `program-exports` problem for a `run` of this kind; `at`: the file, or the place in it. */
export const runProblem = (at: string, kind: string): ProblemError =>
  programError('program-exports', [{ at, message: runText(kind) }]);
