import type { WebhookEvent } from '@gossamer/protocol';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterwards } from '../harness/grid.ts';

/** A request as it came, whole. */
export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  path: string;
  body: string;
  event: WebhookEvent;
}

export type Answer = (response: ServerResponse, received: Received) => void;

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

/** A real server that takes webhooks: it keeps what came, in order, and answers as it is told. Closed after the test. */
export class Receiver {
  readonly received: Received[] = [];
  answer: Answer = (response) => response.writeHead(204).end();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      response.on('error', () => undefined);
      textOf(request).then(
        (body) => {
          const { headers, url: path = '' } = request;
          const event = JSON.parse(body) as WebhookEvent;
          const received = { id: String(headers['webhook-id']), headers, path, body, event };
          this.received.push(received);
          this.answer(response, received);
        },
        () => undefined,
      );
    });
  }

  async open(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    afterwards(() => {
      this.#server.closeAllConnections();
      this.#server.close();
    });
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  of<Type extends WebhookEvent['type']>(type: Type): (WebhookEvent & { type: Type })[] {
    return this.received.map(({ event }) => event).filter((event) => event.type === type) as never;
  }

  /** The units of all results that came, in the order in which they came, repetitions left out. */
  units(type: 'results.added' | 'results.provisional' = 'results.added'): number[] {
    const seen = new Set<string>();
    return this.received.flatMap(({ id, event }) => {
      if (event.type !== type || seen.has(id)) return [];
      seen.add(id);
      return event.data.results.map(({ unit }) => unit);
    });
  }
}

export const openReceiver = (port?: number): Promise<Receiver> => new Receiver().open(port);
