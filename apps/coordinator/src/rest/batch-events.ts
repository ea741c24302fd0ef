import type { BatchId, BatchView } from '@gossamer/protocol';
import type { Caller, Grid } from '../grid.ts';
import { watchChanges } from '../http/changes.ts';
import { pause } from '../http/pause.ts';
import { SSE_HEARTBEAT, sseEvent } from '../http/sse.ts';

/** A view of a batch is a look at each of its jobs: at most one in so many ms. */
const APART_MS = 500;

const hasEnded = ({ jobs }: BatchView): boolean => jobs.running + jobs.held === 0;

/**
 * Events of one batch, the newest state each time, until all of its jobs have ended. Each is complete in itself, so they
 * carry no id to resume from.
 */
export async function* batchEvents(
  grid: Grid,
  { caller, id, heartbeatMs }: { caller: Caller; id: BatchId; heartbeatMs: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changes = watchChanges((listener) => grid.batches.watch(caller, id, listener), signal);
  let sent = '';
  try {
    while (!signal.aborted) {
      const batch = grid.batches.get(caller, id);
      await grid.written();
      const text = JSON.stringify(batch);
      yield text === sent ? SSE_HEARTBEAT : sseEvent('batch', batch);
      sent = text;
      if (hasEnded(batch)) return;
      await pause(APART_MS, signal);
      await changes.next(heartbeatMs);
    }
  } finally {
    changes.end();
  }
}
