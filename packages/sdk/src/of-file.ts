import { PROBLEMS, type ProblemCode } from '@gossamer/protocol';
import { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';

/** What the coordinator says of what is in a source. */
const OF_SOURCE: ReadonlySet<string> = new Set<ProblemCode>([
  'source-empty',
  'source-invalid',
  'source-too-large',
  'data-truncated',
]);

/** The error with the path of the file that the inputs lie in, for the coordinator knows its bytes alone. */
export const ofFile = (error: unknown, path: string | undefined): unknown => {
  if (path === undefined || !(error instanceof GossamerError) || !OF_SOURCE.has(error.code)) return error;
  const { title } = PROBLEMS[error.code as ProblemCode];
  const said = error.message.startsWith(`${title}: `) ? error.message.slice(title.length + 2) : null;
  const message = said === null ? `${error.message}: ${path}` : `${title}: ${path}: ${said}`;
  const status = error.status === undefined ? {} : { status: error.status };
  return errorOf(error.code, message, { ...status, errors: error.errors, cause: error });
};
