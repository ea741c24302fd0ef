import { parentPort, workerData } from 'node:worker_threads';
import type { Answer, Call } from './messages.ts';
import { toWireError } from './wire-error.ts';

export interface Reply {
  value: unknown;
  /** Buffers that move to the caller. */
  transfer?: ArrayBuffer[];
}

export interface Service {
  handle(request: never): Reply;
  close(): void;
}

/** The inner side of a thread: opens the service with the thread's data, then answers calls one by one. */
export const serveThread = (open: (data: never) => Service): void => {
  const port = parentPort;
  if (port === null) throw new Error('this module is the entry of a worker thread');
  const answer = (message: Answer, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);
  const attempt = (id: number, run: () => Reply): boolean => {
    try {
      const { value, transfer } = run();
      answer({ id, value }, transfer);
      return true;
    } catch (error) {
      answer({ id, error: toWireError(error) });
      return false;
    }
  };

  let service: Service | undefined;
  const started = attempt(0, () => {
    service = open(workerData as never);
    return { value: null };
  });
  if (!started) return;
  port.on('message', (call: Call) => {
    if ('request' in call) {
      attempt(call.id, () => service!.handle(call.request as never));
      return;
    }
    attempt(call.id, () => {
      service!.close();
      return { value: null };
    });
    port.close();
  });
};
