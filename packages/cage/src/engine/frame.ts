import type { CageEvents, CageFrame, CageLease } from '../api.ts';
import { ORDER, readSaying } from '../door/frame.ts';
import { makeBreaker } from './breaker.ts';
import { makeRunClock, TICK_MS } from './clock.ts';
import { refuseRun } from './refuse.ts';
import type { Run } from './run.ts';
import { startRun } from './run.ts';
import type { Spare, SpareWorker } from './spare.ts';
import { startSpare } from './spare.ts';
import type { WorkerHost } from './worker.ts';

/** How often the frame is asked whether it lives, and how long it may be silent, ms of run time. */
const PING_MS = 1000;
const SILENT_MS = 4000;

export interface FrameOptions {
  /** A monotonic clock, ms. */
  now?: () => number;
  /** Called once when the heartbeat stopped, after every run got its `end`: the page removes the frame. */
  onDead?: () => void;
}

/**
 * Takes over a frame that the page opened. Runs in a dedicated worker: its timers are not throttled with the page.
 * @param port the port of `openFrame`
 */
export const connectFrame = (port: MessagePort, options: FrameOptions = {}): CageFrame => {
  const now = options.now ?? (() => performance.now());
  const clock = makeRunClock(now);
  const breaker = makeBreaker(now);
  const runs = new Set<Run>();
  const spares = new Set<Spare>();
  let state: 'open' | 'dead' | 'closed' = 'open';
  let heardAt = 0;
  let pingedAt = -PING_MS;
  let lastWorker = 0;
  let lastPing = 0;

  const shut = (how: 'dead' | 'closed'): void => {
    if (state !== 'open') return;
    state = how;
    clearInterval(timer);
    for (const spare of spares) spare.drop();
    for (const run of [...runs]) run.end(how === 'dead' ? { kind: 'dead' } : { kind: 'stopped' });
    port.onmessage = null;
    port.close();
    if (how === 'dead') queueMicrotask(() => options.onDead?.());
  };

  const heard = (): void => {
    heardAt = clock.elapsed();
  };

  port.onmessage = ({ data }: MessageEvent<unknown>): void => {
    const saying = readSaying(data);
    // A frame answers one ping a second; one that floods has been taken over by what runs in its process.
    if (saying === undefined || !breaker.take()) return shut('dead');
    heard();
    if (saying.kind !== 'failed') return;
    for (const spare of spares) spare.failed(saying.id);
    for (const run of [...runs]) run.failed(saying.id, saying.message);
  };

  const timer = setInterval(() => {
    clock.tick();
    breaker.seen();
    const at = clock.elapsed();
    if (at - heardAt >= SILENT_MS) return shut('dead');
    if (at - pingedAt >= PING_MS) {
      pingedAt = at;
      lastPing += 1;
      port.postMessage([ORDER.ping, lastPing]);
    }
    for (const spare of spares) spare.tick();
    for (const run of [...runs]) run.tick();
  }, TICK_MS);

  const host: WorkerHost = {
    spawn: (leasePort) => {
      lastWorker += 1;
      if (state === 'open') port.postMessage([ORDER.spawn, lastWorker], [leasePort]);
      return lastWorker;
    },
    kill: (number) => {
      if (state === 'open') port.postMessage([ORDER.kill, number]);
    },
    heard,
  };

  const start = (lease: CageLease, events: CageEvents, spare: SpareWorker | null): Run => {
    const over = (): boolean => runs.delete(run);
    const { program } = lease;
    const run: Run =
      program.kind === 'refused'
        ? refuseRun(lease, program.reason, events, over)
        : startRun({ ...lease, program }, events, { ...host, over }, clock, now, spare);
    runs.add(run);
    if (lease.units.length === 0) run.end({ kind: 'done' });
    else if (state !== 'open') run.end({ kind: state === 'dead' ? 'dead' : 'stopped' });
    return run;
  };

  return {
    run: (lease, events) => start(lease, events, null),
    stage(lease) {
      const { program } = lease;
      if (program.kind === 'refused') return { start: (events) => start(lease, events, null), drop: () => {} };
      const spare = startSpare({ ...lease, program }, host, clock);
      if (state === 'open') spares.add(spare);
      else spare.drop();
      return {
        start: (events) => {
          spares.delete(spare);
          return start(lease, events, spare.take());
        },
        drop: () => {
          spares.delete(spare);
          spare.drop();
        },
      };
    },
    get running() {
      return runs.size;
    },
    close: () => shut('closed'),
  };
};
