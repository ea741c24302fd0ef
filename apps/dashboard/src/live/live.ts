import * as api from '../api/grid-api.ts';
import { ApiError, isPassing, VersionError } from '../api/errors.ts';
import { watchPaces } from '../jobs/pace.ts';
import { connection, devices, jobs, notice, now, olderOpen, paces, sessions, stats } from '../state.ts';
import { LIVE_JOBS, readOpenJobs } from './older-open.ts';
import { poll } from './poll.ts';
import { openStream } from './stream.ts';

const STATS_MS = 3000;
const DEVICES_MS = 4000;
const OLDER_MS = 8000;

/** Keeps the page's state up to date until the answer is called. */
export const startLive = (signedOut: () => void): (() => void) => {
  const unreadable = (error: Error): void => {
    notice.value = { tone: 'bad', text: error.message };
  };
  const stream = openStream({
    connection: (next) => (connection.value = next),
    grid: (event) => {
      now.value = Date.now();
      jobs.value = event.jobs;
      sessions.value = event.sessions;
      paces.value = watchPaces(paces.value, event.jobs, now.value);
    },
    signedOut,
    unreadable,
  });
  const guarded = (load: () => Promise<void>) => async (): Promise<void> => {
    // While the connection is lost the stream alone asks, ever more rarely.
    if (connection.value.kind === 'lost') return;
    try {
      await load();
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) signedOut();
      else if (isPassing(error)) stream.lost();
      else if (error instanceof VersionError) unreadable(error);
    }
  };
  const ends = [
    poll(
      guarded(async () => {
        stats.value = await api.stats();
        now.value = Date.now();
      }),
      STATS_MS,
    ),
    poll(
      guarded(async () => {
        devices.value = await api.devices();
      }),
      DEVICES_MS,
    ),
    poll(
      guarded(async () => {
        const mayBeMore = (jobs.value?.length ?? 0) >= LIVE_JOBS;
        if (mayBeMore || olderOpen.value.length > 0) olderOpen.value = mayBeMore ? await readOpenJobs() : [];
      }),
      OLDER_MS,
    ),
  ];
  return () => {
    stream.end();
    for (const end of ends) end();
  };
};
