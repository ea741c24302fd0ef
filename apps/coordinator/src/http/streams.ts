import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Sends what a generator yields, as long as the client stays and the coordinator does not leave. */
export interface Streams {
  /**
   * `generate` gets a signal that is aborted when the client has gone, or when the coordinator closes; it must then
   * return soon. Nothing is taken from it faster than the client reads. A HEAD request gets the headers alone.
   */
  send(
    request: FastifyRequest,
    reply: FastifyReply,
    generate: (signal: AbortSignal) => AsyncIterable<string | Uint8Array>,
  ): FastifyReply;
  /** Streams that are open now. */
  readonly open: number;
}

/** Node sends the headers with the first chunk, even an empty one: a client learns at once that it is connected. */
async function* headersFirst(content: AsyncIterable<string | Uint8Array>): AsyncGenerator<string | Uint8Array> {
  yield '';
  yield* content;
}

/** A stream whose key is revoked or expires, or whose sign-in ends, is ended within `recheckMs`. */
export const createStreams = (app: FastifyInstance, recheckMs: number): Streams => {
  const open = new Set<AbortController>();
  app.addHook('preClose', async () => {
    for (const controller of open) controller.abort();
  });
  return {
    send(request, reply, generate) {
      if (request.method === 'HEAD') return reply.send();
      const controller = new AbortController();
      open.add(controller);
      const content = Readable.from(headersFirst(generate(controller.signal)), { highWaterMark: 4 });
      const { mayStay } = request;
      const recheck = setInterval(() => mayStay?.() === false && controller.abort(), recheckMs);
      content.once('close', () => {
        clearInterval(recheck);
        open.delete(controller);
      });
      reply.raw.once('close', () => controller.abort());
      return reply.send(content);
    },
    get open() {
      return open.size;
    },
  };
};
