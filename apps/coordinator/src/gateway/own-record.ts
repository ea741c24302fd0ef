import { DeviceRecordQuery, EVENTS } from '@gossamer/protocol';
import type { Socket } from 'socket.io';
import type { DeviceRecord } from '../runtime/grid-state.ts';
import type { DeviceBook } from '../service/device-book.ts';
import { type Explain, parse } from './greeting.ts';

/**
 * What a signed-in device may ask about itself, and about nobody else: no message names a device, the session does. One
 * at a time: who asks again before the answer waits in line.
 */
export const answerForItself = (socket: Socket, record: DeviceRecord, book: DeviceBook, explain: Explain): void => {
  let last: Promise<unknown> = Promise.resolve();
  const answer =
    (handle: (message: unknown) => unknown) =>
    (message: unknown, reply: unknown): void => {
      if (typeof reply !== 'function') return;
      const send = reply as (answer: unknown) => void;
      last = last.then(() => handle(message)).then(send, (error: unknown) => send(explain(error)));
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
