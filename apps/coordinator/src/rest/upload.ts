import { ProblemError } from '@gossamer/protocol';
import type { IncomingMessage } from 'node:http';

/**
 * The body of an upload, chunk by chunk. Leaving it early does not cut the connection, so that the refusal reaches the
 * client; `request-invalid` when nothing comes for `stallMs`, or when the client goes away.
 */
export async function* uploadChunks(body: IncomingMessage, stallMs: number): AsyncGenerator<Uint8Array> {
  const { socket } = body;
  let stalled = false;
  const onTimeout = (): void => {
    stalled = true;
    body.destroy(new Error('the upload stalled'));
  };
  socket.setTimeout(stallMs, onTimeout);
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Uint8Array;
  } catch {
    throw new ProblemError('request-invalid', stalled ? 'the upload stalled' : 'the upload was cut short');
  } finally {
    socket.setTimeout(0);
    socket.off('timeout', onTimeout);
  }
}
