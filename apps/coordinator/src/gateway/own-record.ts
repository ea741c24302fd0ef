import { DeviceRecordQuery, EVENTS, ProblemError } from '@gossamer/protocol';
import type { Socket } from 'socket.io';
import type { DeviceRecord } from '../runtime/grid-state.ts';
import type { DeviceBook } from '../runtime/device-book.ts';
import type { Flow } from './flow.ts';
import { type Explain, parse } from './greeting.ts';

/** What one asking costs, in messages of the connection's rate: a page may take some milliseconds of the event loop. */
const COST = 50;
/** Askings that wait in line. */
const MOST_WAITING = 4;

/**
 * What a signed-in device may ask about itself, and about nobody else: no message names a device, the session does. One
 * at a time: who asks again before the answer waits in line, which is short.
 */
export const answerForItself = (
  socket: Socket,
  flow: Flow,
  record: DeviceRecord,
  book: DeviceBook,
  explain: Explain,
): void => {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  const answer =
    (handle: (message: unknown) => unknown) =>
    (message: unknown, reply: unknown): void => {
      if (typeof reply !== 'function') return;
      const send = reply as (answer: unknown) => void;
      flow.spend(COST);
      if (waiting >= MOST_WAITING) {
        send(explain(new ProblemError('rate-limited', 'wait for the answer before you ask again')));
        return;
      }
      waiting += 1;
      last = last
        .then(() => handle(message))
        .then(send, (error: unknown) => send(explain(error)))
        .finally(() => (waiting -= 1));
    };
  socket.on(
    EVENTS.record,
    answer((message) => book.page(book.find(record.id), parse(DeviceRecordQuery, message).after)),
  );
  socket.on(
    EVENTS.forget,
    answer(() => book.forget(record)),
  );
};
