import { ProblemError } from '@gossamer/protocol';
import type { IncomingMessage } from 'node:http';
import type { HttpLimits } from '../http/options.ts';

type Pace = Pick<HttpLimits, 'uploadStallMs' | 'uploadBytesPerSecond'>;

/** What the head of a request says of the length of its body; null where it says nothing. */
export const declaredLength = (header: string | undefined): number | null => {
  const length = Number(header ?? Number.NaN);
  return Number.isSafeInteger(length) ? length : null;
};

/**
 * The body of an upload, chunk by chunk. Leaving it early does not cut the connection, so that the refusal reaches the
 * client; `request-invalid` when nothing comes for `uploadStallMs`, when after that time it comes more slowly than it
 * must, or when the client goes away.
 */
export async function* uploadChunks(body: IncomingMessage, pace: Pace): AsyncGenerator<Uint8Array> {
  const { socket } = body;
  const began = performance.now();
  let received = 0;
  let stalled = false;
  const onTimeout = (): void => {
    stalled = true;
    body.destroy(new Error('the upload stalled'));
  };
  const isTooSlow = (): boolean => {
    const seconds = (performance.now() - began - pace.uploadStallMs) / 1000;
    return received < seconds * pace.uploadBytesPerSecond;
  };
  socket.setTimeout(pace.uploadStallMs, onTimeout);
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      received += (chunk as Uint8Array).byteLength;
      if (isTooSlow()) onTimeout();
      else yield chunk as Uint8Array;
    }
  } catch {
    throw new ProblemError('request-invalid', stalled ? 'the upload stalled' : 'the upload was cut short');
  } finally {
    socket.setTimeout(0);
    socket.off('timeout', onTimeout);
  }
}
