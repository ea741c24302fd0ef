import { type JobId, JobView, ResultView } from '@gossamer/protocol';
import { z } from 'zod';
import { GossamerError } from './error.ts';
import { errorOf } from './error-kinds.ts';
import { textLines } from './text-lines.ts';
import { type Transport, readAnswer, unreadable } from './transport.ts';
import { tolerant } from './tolerant.ts';

/** `output` came out of JSON.parse: to walk through it again would prove nothing. */
const Line = z.object({ ...ResultView.shape, output: z.unknown().optional() });
export type ResultLine = z.infer<typeof Line>;

const hasEnded = ({ state }: JobView): boolean => state === 'completed' || state === 'cancelled';

export interface StreamOptions {
  /** A cursor: only what became final after it. */
  after?: string | undefined;
  /** Wait for more until the job is over; otherwise only what is final now. */
  follow: boolean;
  /** Provisional results and revoked ones, too: each line then has its kind. */
  provisional: boolean;
  signal?: AbortSignal | undefined;
}

/**
 * Results in the order in which they became final, each once, until the job is over; as many at once as came at
 * once. The failures of units that were retried since are none, and left out. A lost connection or a
 * coordinator that restarts is waited for, and the stream taken up after the last result that came whole.
 * Returns the job as it ended, or stood.
 */
export async function* resultStream(
  transport: Transport,
  job: JobId,
  { after, follow, provisional, signal }: StreamOptions,
): AsyncGenerator<ResultLine[], JobView> {
  const patience = transport.patience(signal);
  const path = `/v1/jobs/${job}/results`;
  const view = (once: boolean): Promise<JobView> =>
    transport.json(tolerant(JobView), { path: `/v1/jobs/${job}`, signal, once });
  let cursor = after;
  let last: JobView | null = follow ? null : await view(false);
  for (;;) {
    try {
      const response = await transport.send({
        path,
        query: {
          after: cursor,
          follow: last === null ? 'true' : 'false',
          ...(provisional ? { provisional: 'true' } : {}),
        },
        headers: { accept: 'application/x-ndjson' },
        signal,
        once: true,
      });
      for await (const texts of textLines(response, signal)) {
        const { lines, cursor: read, error } = linesOf(texts, path);
        if (read !== undefined) {
          patience.succeeded();
          cursor = read;
          yield lines;
        }
        if (error !== null) throw error;
      }
      if (last !== null) return last;
      // A stream ends in order also where the coordinator leaves. What became final before the job's end was known is
      // read once more: then nothing can be missing.
      const now = await view(true);
      if (hasEnded(now)) last = now;
      else await patience.failed(errorOf('unreachable', 'the coordinator ended the stream of results'));
    } catch (error) {
      await patience.failed(error);
    }
  }
}

interface Lines {
  lines: ResultLine[];
  /** Of the last that could be read, be it left out or not. */
  cursor?: string;
  /** Why the one after these cannot be read. */
  error: GossamerError | null;
}

const linesOf = (texts: readonly string[], path: string): Lines => {
  const read: Lines = { lines: [], error: null };
  try {
    for (const text of texts) {
      if (text === '') continue;
      const line = readAnswer(Line, parsed(text), path);
      read.cursor = line.cursor;
      if (line.superseded !== true) read.lines.push(line);
    }
  } catch (error) {
    if (!(error instanceof GossamerError)) throw error;
    read.error = error;
  }
  return read;
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw unreadable('a line of the results is no JSON', undefined, cause);
  }
};
