import { engineHeaders, pageHeaders } from '@gossamer/cage/served';
import type { GridView, ProblemCode } from '@gossamer/protocol';
import { decodeRequest, encodeResponse, EVENTS, PROBLEMS, PROTOCOL_VERSION } from '@gossamer/protocol';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { Server } from 'socket.io';
import * as parser from 'socket.io-msgpack-parser';

/** What a real coordinator does too seldom to wait for. Each may be changed while the server runs. */
export interface Behaviour {
  /** What /v1/grid answers; null: 503. */
  grid: GridView | null;
  /** Refuses every hello with this. */
  refuse: ProblemCode | null;
  /** Answers exchanges at once with this wait, instead of parking them. */
  retryAfterMs: number | null;
}

export interface Contrary {
  url: string;
  port: number;
  behaviour: Behaviour;
  /** Hellos so far. */
  hellos: number;
  /** Arrival of each exchange that asked for work, ms since 1970. */
  asks: number[];
  /** Says that it goes down, to every tab. */
  sayLeaving(): void;
  stop(): Promise<void>;
}

export const VIEW: GridView = {
  name: 'Skylark',
  operator: 'the observatory of Reedham',
  about: 'Skylark looks for narrow signals in the noise of the sky.',
  protocol: PROTOCOL_VERSION,
  publicUrl: 'https://skylark.example.org',
  jobs: [
    { number: 1, name: 'Drift search, field 12', submitter: 'M. Oduya', units: 40_960, validated: 25_112, data: [] },
    { number: 2, name: 'Collatz records', submitter: 'the number club', units: 1_000_000, validated: 0, data: [] },
  ],
  sessions: 1284,
};

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

const sendFile = async (response: ServerResponse, folder: string, path: string): Promise<void> => {
  const name = path === '/' ? '/index.html' : path;
  const body = await readFile(join(folder, name)).catch(() => null);
  const headers = name.includes('/engine-')
    ? engineHeaders()
    : pageHeaders({ cageOrigins: ['http://*.cage.localhost'] });
  response.writeHead(body === null ? 404 : 200, { ...headers, 'content-type': TYPES[extname(name)] ?? 'text/plain' });
  response.end(body ?? 'nothing here');
};

const session = '018f0000-0000-7000-8000-000000000001';
const standing = { valid: 0, invalid: 0, waiting: 0, credit: 0 };

/** A small server that speaks the protocol and does what it is told. It gives no work. */
export const startContrary = async (folder: string): Promise<Contrary> => {
  const behaviour: Behaviour = { grid: VIEW, refuse: null, retryAfterMs: null };
  const http = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://here');
    if (pathname !== '/v1/grid') return void sendFile(response, folder, pathname);
    response.writeHead(behaviour.grid === null ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(behaviour.grid));
  });
  const io = new Server(http, { parser, transports: ['websocket'] });
  const contrary: Contrary = {
    url: '',
    port: 0,
    behaviour,
    hellos: 0,
    asks: [],
    sayLeaving: () => void io.emit(EVENTS.leaving),
    stop: async () => {
      await io.close();
      http.closeAllConnections();
    },
  };
  io.on('connection', (socket) => {
    socket.on(EVENTS.hello, (_hello: unknown, reply: (answer: unknown) => void) => {
      contrary.hellos++;
      const code = behaviour.refuse;
      if (code === null) return reply({ nonce: 'nonce' });
      reply({ problem: { type: `/errors/${code}`, title: PROBLEMS[code].title, status: PROBLEMS[code].status, code } });
    });
    socket.on(EVENTS.proof, (_proof: unknown, reply: (answer: unknown) => void) =>
      reply({ session: `ses_${session}`, device: `dev_${session}`, epoch: 1, heartbeatMs: 2000, standing }),
    );
    socket.on(EVENTS.exchange, (frame: Uint8Array, reply: (answer: unknown) => void) => {
      const { seq, slots, reports } = decodeRequest(frame);
      if (slots > 0) contrary.asks.push(Date.now());
      const statuses = reports.map(() => 1 as const);
      const retryAfterMs = behaviour.retryAfterMs ?? 0;
      if (slots > 0 && behaviour.retryAfterMs === null && reports.length === 0) return;
      reply(Buffer.from(encodeResponse({ seq, retryAfterMs, statuses, cards: [], leases: [], revoked: [] })));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  contrary.port = (http.address() as AddressInfo).port;
  contrary.url = `http://localhost:${contrary.port}`;
  return contrary;
};
