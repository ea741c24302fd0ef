import type { RunClock } from './clock.ts';
import { decodeMessage } from './decode.ts';
import type { LoadableLease, StartedWorker, WorkerHost } from './worker.ts';
import { endWorker, startWorker } from './worker.ts';

/**
 * How long a worker may be kept ahead of its lease's turn, ms of run time. It computes nothing then, unless its program
 * does so uncalled: such a one takes no more of the machine than this beyond the slots that were lent.
 */
export const SPARE_MS = 10_000;

/** A worker that was started ahead, with what is known of it. */
export interface SpareWorker extends StartedWorker {
  /** The program is loaded. */
  ready: boolean;
}

export interface Spare {
  /** Hands the worker over; null where it came to nothing. Once. */
  take(): SpareWorker | null;
  /** Looks at the clock. */
  tick(): void;
  /** The frame says that this worker died of itself. */
  failed(worker: number): void;
  drop(): void;
}

/**
 * Starts the worker of a lease whose turn is still to come. All that it may say is that it is ready: whatever else
 * happens ends it, with no blame for anyone, and is met again, and judged, by the worker that the run then starts.
 */
export const startSpare = (lease: LoadableLease, host: WorkerHost, clock: RunClock): Spare => {
  const begun = clock.elapsed();
  let worker: SpareWorker | null = { ...startWorker(lease, host), ready: false };

  const drop = (): void => {
    if (worker !== null) endWorker(worker, host);
    worker = null;
  };
  const receive = (data: unknown): void => {
    if (worker === null) return;
    host.heard();
    const records = decodeMessage(data, lease.limits.resultBytes);
    const saysReady = Array.isArray(records) && records.length === 1 && records[0]!.kind === 'ready';
    if (saysReady && !worker.ready) worker.ready = true;
    else drop();
  };
  worker.port.onmessage = ({ data }: MessageEvent<unknown>): void => receive(data);
  worker.port.onmessageerror = drop;

  return {
    take: () => {
      const taken = worker;
      worker = null;
      return taken;
    },
    tick: () => {
      if (clock.elapsed() - begun > SPARE_MS) drop();
    },
    failed: (number) => {
      if (worker?.number === number) drop();
    },
    drop,
  };
};
