import type { JobId } from '@gossamer/protocol';
import type { Caller, Grid } from '../grid.ts';
import { watchChanges } from '../http/changes.ts';

/** Results read at once: what a slow reader makes us hold, at most. */
const PAGE = 1000;
/** Lines are sent together up to so many characters: each piece that is sent costs as much as some ten short lines. */
const PIECE_CHARS = 64 * 1024;

export interface ResultStream {
  caller: Caller;
  id: JobId;
  after: string | undefined;
  /** Go on as results become final, until the job is completed or cancelled. */
  follow: boolean;
  /** Provisional and revoked ones, too. */
  provisional: boolean;
}

/** Yields NDJSON lines of results after a cursor, some at once, as fast as they are taken. */
export async function* resultLines(
  grid: Grid,
  { caller, id, after, follow, provisional }: ResultStream,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changes = follow ? watchChanges((listener) => grid.watch(caller, id, listener), signal) : null;
  try {
    let cursor = after;
    while (!signal.aborted) {
      // Read before the page: what became final before the end is then in the page that follows.
      const state = grid.jobState(caller, id);
      const page = await grid.results(caller, id, { after: cursor, limit: PAGE, provisional });
      let piece = '';
      for (const result of page.items) {
        piece += `${JSON.stringify(result)}\n`;
        cursor = result.cursor;
        if (piece.length < PIECE_CHARS) continue;
        if (signal.aborted) return;
        yield piece;
        piece = '';
      }
      if (piece !== '') yield piece;
      if (page.next !== null) continue;
      if (changes === null || state === 'completed' || state === 'cancelled') return;
      await changes.next();
    }
  } finally {
    changes?.end();
  }
}
