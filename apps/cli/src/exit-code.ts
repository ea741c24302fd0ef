import { GossamerError } from '@gossamer/sdk/node';
import { CommanderError } from 'commander';
import { OutputClosed } from './output.ts';

/** What the exit status says to a script. */
export const EXIT = {
  ok: 0,
  incomplete: 1,
  usage: 2,
  auth: 3,
  notFound: 4,
  unreachable: 5,
  refused: 6,
  conflict: 7,
  internal: 70,
  interrupted: 130,
} as const;

/** The same in words, as the help and README.md list them. */
export const EXIT_MEANINGS: Record<keyof typeof EXIT, string> = {
  ok: 'done',
  incomplete: 'the job is over, but units failed or it was cancelled; the unit that was run locally failed',
  usage: 'wrong usage',
  auth: 'the API key is missing, wrong, or may not do that',
  notFound: 'no such job, unit, batch, blob, program, signer, webhook or key; also a text that can name none',
  unreachable: 'the coordinator cannot be reached, or cannot answer now',
  refused: 'a program, source, line of input, data file or value was refused',
  conflict: 'it cannot be done now: the job is in another state, or a quota or limit of the key is used up',
  internal: 'an error inside of the coordinator or of this command',
  interrupted: 'interrupted',
};

const exitLines = Object.entries(EXIT).map(
  ([name, status]) => `  ${String(status).padEnd(4)} ${EXIT_MEANINGS[name as keyof typeof EXIT]}`,
);

export const EXIT_HELP = `
Exit status:
${exitLines.join('\n')}

Environment: GOSSAMER_URL, GOSSAMER_KEY, GOSSAMER_SIGNER (flags win); GOSSAMER_CHROMIUM names a browser`;

/** A mistake in how the command was called, beyond what the parser of arguments sees. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const exitCodeOf = (error: unknown): number => {
  if (error instanceof OutputClosed) return EXIT.ok;
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof GossamerError)) return EXIT.internal;
  switch (error.code) {
    case 'usage':
      return EXIT.usage;
    case 'job-failed':
      return EXIT.incomplete;
    case 'unreachable':
    case 'answer-unreadable':
    case 'unavailable':
    case 'rate-limited':
      return EXIT.unreachable;
    case 'internal':
    case 'storage-full':
      return EXIT.internal;
    case 'job-cancelled':
      return error.status === undefined ? EXIT.incomplete : EXIT.conflict;
    default:
      return byStatus(error.status);
  }
};

/** Without a status the refusal was made on this side, before anything was sent. */
const byStatus = (status: number | undefined): number => {
  if (status === 401 || status === 403) return EXIT.auth;
  if (status === 404 || status === 410) return EXIT.notFound;
  if (status === 409) return EXIT.conflict;
  return EXIT.refused;
};
