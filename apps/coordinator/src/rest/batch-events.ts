import type { BatchId, BatchView } from '@gossamer/protocol';
import type { Caller, Grid } from '../grid.ts';
import { watchChanges } from '../http/changes.ts';
import { pause } from '../http/pause.ts';
import { SSE_HEARTBEAT, sseEvent } from '../http/sse.ts';

/** A view of a batch is a look at each of its jobs: at most one in so many ms. */
const APART_MS = 500;

export const hasEnded = ({ jobs }: BatchView): boolean => jobs.running + jobs.held === 0;

/**
 * Events of one batch, the newest state each time, until all of its jobs have ended; the first at once unless the client knows
 * it (`lastId`). The id of each is the batch's version.
 */
export async function* batchEvents(
  grid: Grid,
  { caller, id, lastId, heartbeatMs }: { caller: Caller; id: BatchId; lastId: string | null; heartbeatMs: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changes = watchChanges((listener) => grid.batches.watch(caller, id, listener), signal);
  let known = lastId;
  let sent = '';
  try {
    while (!signal.aborted) {
      const batch = grid.batches.get(caller, id);
      const version = grid.batches.version(caller, id);
      await grid.written();
      const text = JSON.stringify(batch);
      if (version === known) sent = text;
      known = null;
      yield text === sent ? SSE_HEARTBEAT : sseEvent('batch', batch, version);
      sent = text;
      if (hasEnded(batch)) return;
      await pause(APART_MS, signal);
      await changes.next(heartbeatMs);
    }
  } finally {
    changes.end();
  }
}
