import { performance } from 'node:perf_hooks';

/** Share of the time in which the event loop had something to do, from which on it is busy. */
const BUSY = 0.5;
/** What is asked for again so soon is answered as before, ms: a share of too short a time says nothing. */
const LEAST_MS = 200;

/** Tells whether this thread's event loop was busy since it was last asked. */
export const busyLoop = (): (() => boolean) => {
  let before = performance.eventLoopUtilization();
  let isBusy = false;
  return () => {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, before);
    if (since.active + since.idle < LEAST_MS) return isBusy;
    before = now;
    isBusy = since.utilization > BUSY;
    return isBusy;
  };
};
