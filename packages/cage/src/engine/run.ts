import type { CageEnd, CageEvents, CageRun } from '../api.ts';
import type { DoorRecord } from './decode.ts';
import { decodeMessage } from './decode.ts';
import { DOOR } from '../door/limits.ts';
import { mayPack, unitsMessage } from './batch.ts';
import { makeBreaker } from './breaker.ts';
import type { RunClock } from './clock.ts';
import { makeReads } from './reads.ts';
import type { SpareWorker } from './spare.ts';
import type { LoadableLease, StartedWorker, WorkerHost } from './worker.ts';
import { endWorker, startWorker } from './worker.ts';

/** The way out of a run: what it asks of its frame. */
export interface RunHost extends WorkerHost {
  /** The run is over. */
  over(): void;
}

/** A run as its frame sees it. */
export interface Run extends CageRun {
  /** Looks at the clock. */
  tick(): void;
  /** The frame says that this worker died of itself. */
  failed(worker: number, message: string): void;
  end(end: CageEnd): void;
}

/**
 * Runs one lease in a worker of its own. The n-th outcome that comes through its port is that of the unit at position
 * n; run time and run order are the engine's to tell, never the worker's.
 *
 * Where outcomes are packed, the worker may have been ended with some milliseconds of outcomes unsent, so that the unit
 * to blame for an overrun is not known. Then the units without an outcome run once more, unpacked, in a new worker.
 *
 * @param spare the lease's worker, where it was started ahead
 */
export const startRun = (
  lease: LoadableLease,
  events: CageEvents,
  host: RunHost,
  clock: RunClock,
  now: () => number,
  spare: SpareWorker | null = null,
): Run => {
  const { units, limits } = lease;
  const begun = clock.elapsed();
  const packs = mayPack(lease);
  let next = 0;
  let over = false;
  /** When the last outcome came, or the worker was started. */
  let mark = begun;
  /** What rounding has kept from the units so far, ms. */
  let rest = 0;
  let worker: Worker;

  interface Worker extends StartedWorker {
    packed: boolean;
    breaker: ReturnType<typeof makeBreaker>;
    reads: ReturnType<typeof makeReads>;
    ready: boolean;
    /** The worker has said something of the unit at `next`, so that this is the one that runs. */
    named: boolean;
    lines: number;
  }

  const end = (how: CageEnd): void => {
    if (over) return;
    over = true;
    worker.reads.end();
    endWorker(worker, host);
    host.over();
    queueMicrotask(() => events.end(how));
  };

  const adopt = (started: StartedWorker, packed: boolean): Worker => {
    const { number, port } = started;
    port.onmessage = ({ data }: MessageEvent<unknown>): void => receive(data);
    port.onmessageerror = (): void => receive(undefined);
    const reads = makeReads(lease.data, clock, now, {
      answer: (body) => port.postMessage(body, [body]),
      failed: (message) => end({ kind: 'starved', message }),
    });
    return { number, port, packed, breaker: makeBreaker(now), reads, ready: false, named: false, lines: 0 };
  };
  /** The program is loaded: the units that have no outcome may run. */
  const begin = (): void => {
    worker.ready = true;
    mark = clock.elapsed();
    const { message, transfer } = unitsMessage(lease, next, worker.packed, packs);
    worker.port.postMessage(message, transfer);
  };

  /** The unit at `next` seems to blame; where another may be, they run again, one by one. */
  const blame = (how: CageEnd): void => {
    if (!worker.packed || worker.named || !worker.ready || next + 1 >= units.length) {
      end(how);
      return;
    }
    worker.reads.end();
    endWorker(worker, host);
    mark = clock.elapsed();
    worker = adopt(startWorker(lease, host), false);
  };
  const flooded = (): void => end({ kind: 'flooded', position: next });

  /** A worker's claim, within what the engine's clock allows, in whole ms whose sum is right for short units too. */
  const credible = (claimed: number): number => {
    // What was fetched meanwhile says nothing of how fast the device computes.
    const computed = Math.max(0, claimed - worker.reads.waitedMs());
    const exact = Math.min(computed, clock.elapsed() - begun) + rest;
    const whole = Math.max(0, Math.round(exact));
    rest = exact - whole;
    return whole;
  };
  const outcome = (tell: () => void): void => {
    next += 1;
    worker.named = false;
    worker.lines = 0;
    mark = clock.elapsed();
    tell();
    worker.reads.nextUnit();
    if (next === units.length) end({ kind: 'done' });
  };

  const apply = (record: DoorRecord): void => {
    const position = next;
    switch (record.kind) {
      case 'ready':
        return worker.ready ? flooded() : begin();
      case 'refused':
        return end({ kind: 'crashed', position, message: record.message });
      case 'unloadable': {
        if (worker.ready) return flooded();
        const { message, stack } = record;
        for (let n = position; n < units.length && !over; n++) {
          events.error(n, { phase: 'load', message, stack }, n === position ? credible(clock.elapsed() - mark) : 0);
        }
        return end({ kind: 'done' });
      }
      default:
        if (!worker.ready) return flooded();
    }
    switch (record.kind) {
      case 'result': {
        const { encoding, body, runMs } = record;
        return outcome(() => events.result(position, { encoding, body }, credible(runMs)));
      }
      case 'error': {
        const { phase, message, stack, runMs } = record;
        return outcome(() => events.error(position, { phase, message, stack }, credible(runMs)));
      }
      case 'progress':
        worker.named = true;
        return events.progress(position, record.done);
      case 'data':
        worker.named = true;
        return worker.reads.take(record) ? undefined : flooded();
      case 'log':
        worker.named = true;
        worker.lines += 1;
        return worker.lines > DOOR.logLines ? flooded() : events.log(position, record.text);
      case 'picture': {
        worker.named = true;
        const { width, height, rgba } = record;
        return events.picture(position, { width, height, rgba: rgba.slice() });
      }
    }
  };

  const receive = (data: unknown): void => {
    if (over) return;
    host.heard();
    const records = decodeMessage(data, limits.resultBytes);
    if ('breach' in records) return flooded();
    // Each outcome has its credit, and there are no more of them than units; so has each read. The rest is counted.
    if (!records.some(isOutcome) && !isReading(records) && !worker.breaker.take()) return flooded();
    for (const record of records) {
      apply(record);
      if (over) return;
    }
  };

  worker = adopt(spare ?? startWorker(lease, host), packs);
  if (spare?.ready === true) begin();

  return {
    get runMs() {
      return Math.round(clock.elapsed() - begun);
    },
    stop: () => end({ kind: 'stopped' }),
    tick: () => {
      if (over) return;
      worker.breaker.seen();
      if (clock.elapsed() - mark - worker.reads.waitedMs() > limits.deadlineMs)
        blame({ kind: 'overran', position: next });
    },
    failed: (number, message) => {
      if (!over && number === worker.number) blame({ kind: 'crashed', position: next, message });
    },
    end,
  };
};

/** Nothing but reads, and lines of the log, of which a unit has a limited number. */
const isReading = (records: DoorRecord[]): boolean =>
  records.some(({ kind }) => kind === 'data') && records.every(({ kind }) => kind === 'data' || kind === 'log');
const isOutcome = ({ kind }: DoorRecord): boolean => kind === 'result' || kind === 'error' || kind === 'ready';
