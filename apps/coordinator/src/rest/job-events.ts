import type { JobId, JobView } from '@gossamer/protocol';
import type { Caller, Grid } from '../grid.ts';
import { watchChanges } from '../http/changes.ts';
import { SSE_HEARTBEAT, sseEvent } from '../http/sse.ts';

export const hasEnded = (job: JobView): boolean => job.state === 'completed' || job.state === 'cancelled';

/** Events of one job, the newest state each time; the first at once unless the client knows it (`lastId`). */
export async function* jobEvents(
  grid: Grid,
  { caller, id, lastId, heartbeatMs }: { caller: Caller; id: JobId; lastId: number | null; heartbeatMs: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  const changes = watchChanges((listener) => grid.watch(caller, id, listener), signal);
  try {
    let job = grid.job(caller, id);
    let sent = lastId !== null && lastId >= job.fact ? JSON.stringify(job) : '';
    while (!signal.aborted) {
      await grid.written();
      const text = JSON.stringify(job);
      yield text === sent ? SSE_HEARTBEAT : sseEvent('job', job, job.fact);
      sent = text;
      if (hasEnded(job)) return;
      await changes.next(heartbeatMs);
      job = grid.job(caller, id);
    }
  } finally {
    changes.end();
  }
}
