import { type JobId, JobView, ResultView } from '@gossamer/protocol';
import { z } from 'zod';
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
  signal?: AbortSignal | undefined;
}

/**
 * Final results in the order in which they became final, each once, until the job is over. A lost connection or a
 * coordinator that restarts is waited for, and the stream taken up after the last result that came whole.
 * Returns the job as it ended, or stood.
 */
export async function* resultStream(
  transport: Transport,
  job: JobId,
  { after, follow, signal }: StreamOptions,
): AsyncGenerator<ResultLine, JobView> {
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
        query: { after: cursor, follow: last === null ? 'true' : 'false' },
        headers: { accept: 'application/x-ndjson' },
        signal,
        once: true,
      });
      for await (const text of textLines(response, signal)) {
        if (text === '') continue;
        const result = readAnswer(Line, parsed(text), path);
        patience.succeeded();
        cursor = result.cursor;
        yield result;
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

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw unreadable('a line of the results is no JSON', undefined, cause);
  }
};
