import { type JobId, JobView } from '@gossamer/protocol';
import { errorOf } from './error-kinds.ts';
import { type ServerEvent, serverEvents } from './server-events.ts';
import { tolerant } from './tolerant.ts';
import { type Transport, readAnswer, unreadable } from './transport.ts';

const View = tolerant(JobView);

export interface WatchOptions {
  signal?: AbortSignal;
  /** Called when the connection is there, and when it is lost: it is then taken up again. */
  onConnection?: (state: 'open' | 'lost') => void;
}

/**
 * The job as it stands, at each change (a few times a second at most), until it is completed or cancelled. A lost
 * connection is taken up again with the number of the last fact that was seen.
 */
export async function* watchJob(
  transport: Transport,
  job: JobId,
  { signal, onConnection }: WatchOptions,
): AsyncGenerator<JobView> {
  const patience = transport.patience(signal);
  let last: string | null = null;
  for (;;) {
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (last !== null) headers['last-event-id'] = last;
      const response = await transport.send({ path: `/v1/jobs/${job}/events`, headers, signal, once: true });
      onConnection?.('open');
      if (response.status === 204) return;
      for await (const event of serverEvents(response, signal)) {
        patience.succeeded();
        if (event.event !== 'job') continue;
        const view = viewOf(event);
        last = event.id;
        yield view;
        if (view.state === 'completed' || view.state === 'cancelled') return;
      }
      throw errorOf('unreachable', 'the coordinator ended the stream of events');
    } catch (error) {
      onConnection?.('lost');
      await patience.failed(error);
    }
  }
}

const viewOf = ({ data }: ServerEvent): JobView => {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch (cause) {
    throw unreadable('an event is no JSON', undefined, cause);
  }
  return readAnswer(View, value, 'an event');
};
