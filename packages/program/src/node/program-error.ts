import { ProblemError } from '@gossamer/protocol';

export type ProgramProblem = 'program-invalid' | 'program-imports' | 'program-exports';

/** One thing that is wrong, and where: `file:line:column`, or a name where no place is known. */
export interface Finding {
  at: string;
  message: string;
}

/** A problem of the registry that lists every finding, in its text and as fields. */
export const programError = (code: ProgramProblem, findings: readonly Finding[]): ProblemError =>
  new ProblemError(
    code,
    findings.map(({ at, message }) => `${at}: ${message}`).join('\n'),
    findings.map(({ at, message }) => ({ path: at, message })),
  );
