import type { GridEvent } from '@gossamer/protocol';
import type { Caller, Grid } from '../grid.ts';
import { pause } from '../http/pause.ts';
import { SSE_HEARTBEAT, sseEvent } from '../http/sse.ts';

/** Jobs of one `grid` event: the newest; older ones are read by pages. */
const JOBS = 200;

/** At most one `grid` event in so many ms; the number of sessions is looked at as often. */
const GRID_MS = 1000;

/** Events of the whole grid for the dashboard. Each is complete in itself, so they carry no id to resume from. */
export async function* gridEvents(
  grid: Grid,
  { caller, heartbeatMs }: { caller: Caller; heartbeatMs: number },
  signal: AbortSignal,
): AsyncGenerator<string> {
  let sent = '';
  let quietMs = 0;
  while (!signal.aborted) {
    const event: GridEvent = { jobs: grid.jobs(caller, { limit: JOBS }).items, sessions: grid.view().sessions };
    await grid.written();
    const text = JSON.stringify(event);
    if (text !== sent) {
      yield sseEvent('grid', event);
      sent = text;
      quietMs = 0;
    } else if (quietMs >= heartbeatMs) {
      yield SSE_HEARTBEAT;
      quietMs = 0;
    }
    await pause(GRID_MS, signal);
    quietMs += GRID_MS;
  }
}
