import { errorOf } from './error-kinds.ts';
import { unreadable } from './transport.ts';

/** The bytes of an answer; where they break off the stream ends with a GossamerError, or with the reason of an abort. */
export const wholeBody = (response: Response, what: string, signal?: AbortSignal): ReadableStream<Uint8Array> => {
  if (response.body === null) throw unreadable(`${what} was answered without a body`, response.status);
  const reader = response.body.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (cause) {
        const reason: unknown = signal?.aborted === true ? signal.reason : null;
        controller.error(reason ?? errorOf('unreachable', `${what} did not come whole`, { cause }));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
};
