import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** What is still read of a body that was refused, so that the client comes to read why. */
const REST_BYTES = 64 * 1024 * 1024;
/** And for how long, ms. */
const REST_MS = 10_000;

/**
 * Throws the rest of a refused body away, within bounds; resolves when it is over. The answer must wait for that: a
 * client that still writes when its connection ends reads an error of the socket instead. Then the connection ends.
 */
export const discardRest = (body: IncomingMessage, reply: FastifyReply): Promise<void> => {
  void reply.header('connection', 'close');
  return new Promise((resolve) => {
    let left = REST_BYTES;
    const timer = setTimeout(resolve, REST_MS);
    const over = (): void => {
      clearTimeout(timer);
      resolve();
    };
    body.on('error', over).once('end', over).once('close', over);
    body.on('data', (chunk: Uint8Array) => {
      left -= chunk.byteLength;
      if (left < 0) over();
    });
    body.resume();
  });
};
