import type { FastifyReply } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** What is still read of a body that was refused, so that the client comes to read why. */
const REST_BYTES = 64 * 1024 * 1024;

/** Throws the rest of a refused body away; the connection ends with the answer, or when the rest is too long. */
export const discardRest = (body: IncomingMessage, reply: FastifyReply): void => {
  let left = REST_BYTES;
  body.on('error', () => undefined);
  body.on('data', (chunk: Uint8Array) => {
    left -= chunk.byteLength;
    if (left < 0) body.destroy();
  });
  body.resume();
  void reply.header('connection', 'close');
};
