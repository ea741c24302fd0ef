import { type BatchId, BatchView, type JobId, JobView } from '@gossamer/protocol';
import type { z } from 'zod';
import { errorOf } from './error-kinds.ts';
import { type ServerEvent, serverEvents } from './server-events.ts';
import { tolerant } from './tolerant.ts';
import { type Transport, readAnswer, unreadable } from './transport.ts';

export interface WatchOptions {
  signal?: AbortSignal;
  /** Called when the connection is there, and when it is lost: it is then taken up again. */
  onConnection?: (state: 'open' | 'lost') => void;
}

/** A stream of states of one thing, and how its events are read. */
interface Followed<View> {
  path: string;
  /** The name of the events that carry a state. */
  event: string;
  schema: z.ZodType<View>;
  hasEnded: (view: View) => boolean;
}

/**
 * The thing as it stands, at each change (a few times a second at most), until it has ended. A lost connection is taken up
 * again, with the id of the last event that was seen where events have ids.
 */
async function* follow<View>(
  transport: Transport,
  { path, event: name, schema, hasEnded }: Followed<View>,
  { signal, onConnection }: WatchOptions,
): AsyncGenerator<View> {
  const patience = transport.patience(signal);
  let last: string | null = null;
  for (;;) {
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (last !== null) headers['last-event-id'] = last;
      const response = await transport.send({ path, headers, signal, once: true });
      onConnection?.('open');
      if (response.status === 204) return;
      for await (const event of serverEvents(response, signal)) {
        patience.succeeded();
        if (event.event !== name) continue;
        const view = readAnswer(schema, valueOf(event), 'an event');
        last = event.id;
        yield view;
        if (hasEnded(view)) return;
      }
      throw errorOf('unreachable', 'the coordinator ended the stream of events');
    } catch (error) {
      onConnection?.('lost');
      await patience.failed(error);
    }
  }
}

/** A job until it is completed or cancelled. */
export const watchJob = (transport: Transport, job: JobId, options: WatchOptions): AsyncGenerator<JobView> => {
  const path = `/v1/jobs/${job}/events`;
  const hasEnded = ({ state }: JobView): boolean => state === 'completed' || state === 'cancelled';
  return follow(transport, { path, event: 'job', schema: tolerant(JobView), hasEnded }, options);
};

/** A batch until all of its jobs have ended. */
export const watchBatch = (transport: Transport, batch: BatchId, options: WatchOptions): AsyncGenerator<BatchView> => {
  const path = `/v1/batches/${batch}/events`;
  const hasEnded = ({ jobs }: BatchView): boolean => jobs.running + jobs.held === 0;
  return follow(transport, { path, event: 'batch', schema: tolerant(BatchView), hasEnded }, options);
};

const valueOf = ({ data }: ServerEvent): unknown => {
  try {
    return JSON.parse(data) as unknown;
  } catch (cause) {
    throw unreadable('an event is no JSON', undefined, cause);
  }
};
