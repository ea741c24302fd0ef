import type { FastifyInstance } from 'fastify';
import type { JobSpecInput, JobView, Problem, Sha256 } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { afterEach, expect, vi } from 'vitest';
import { createHttp } from '../../src/http/create-http.ts';
import type { HttpOptions } from '../../src/http/options.ts';
import '../harness/declared-problems.ts';
import { MemoryGrid } from './memory-grid.ts';

export const KEYS = {
  submitter: 'submitter-key-of-the-tests',
  other: 'other-key-of-the-tests',
  operator: 'operator-key-of-tests',
};

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

export interface Served {
  app: FastifyInstance;
  grid: MemoryGrid;
  port: number;
  /** http://localhost:PORT */
  url: string;
  logged: string[];
  /** fetch, with a key. */
  call(path: string, init?: RequestInit & { key?: string | null }): Promise<Response>;
  /** A POST of JSON, by the submitter unless said otherwise. */
  post(path: string, body: unknown, key?: string | null): Promise<Response>;
  /** A request whose Host (and every other header) can be set, which fetch does not allow. */
  raw(path: string, headers: Record<string, string>, method?: string, body?: string): Promise<Answer>;
  upload(bytes: Uint8Array | string): Promise<Sha256>;
  submit(spec?: Partial<JobSpecInput>, key?: string): Promise<JobView>;
}

const open: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

export const PROGRAM = 'export function run(input) { return input; }';
export const sha256 = (bytes: Uint8Array | string): Sha256 =>
  createHash('sha256').update(bytes).digest('hex') as Sha256;

export const CAGE_HTML = '<!doctype html><title>cage</title>';

/** The HTTP side over a real socket, with a grid in memory; closed after the test. */
export const serve = async (options: Partial<HttpOptions> = {}): Promise<Served> => {
  const grid = new MemoryGrid();
  grid.addKey(KEYS.submitter, { role: 'submitter', name: 'Sue' });
  grid.addKey(KEYS.other, { role: 'submitter', name: 'Otto' });
  grid.addKey(KEYS.operator, { role: 'operator', name: 'Olga' });
  const logged: string[] = [];
  const app = createHttp({
    grid,
    config: { publicUrl: null, cageOrigin: null, trustProxy: 0, rateLimit: 100_000, ...options.config },
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    pages: { volunteer: null, dashboard: null, headers: () => ({}) },
    cage: { document: () => ({ html: CAGE_HTML, headers: { 'origin-agent-cluster': '?1' } }) },
    registry: new Registry(),
    ...options,
    // Never: on a busy machine the event loop of a test is late, too, and one of which there is no sample counts as late.
    limits: { eventLoopDelayMs: 0, closeGraceMs: 1000, ...options.limits },
  });
  open.push(app);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  const url = `http://localhost:${port}`;
  const served: Served = {
    app,
    grid,
    port,
    url,
    logged,
    call: (path, { key = KEYS.submitter, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key !== null) headers.set('authorization', `Bearer ${key}`);
      return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
    },
    post: (path, body, key = KEYS.submitter) =>
      served.call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
        key,
      }),
    raw: (path, headers, method = 'GET', body = '') =>
      new Promise((resolve, reject) => {
        const outgoing = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode!, headers: incoming.headers, body: Buffer.concat(chunks) }),
          );
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    async upload(bytes) {
      const name = sha256(bytes);
      const response = await served.call(`/v1/blobs/${name}`, {
        method: 'PUT',
        body: bytes as Uint8Array<ArrayBuffer> | string,
        headers: { 'content-type': 'application/octet-stream' },
      });
      expect(response.status).toBeLessThan(300);
      return name;
    },
    async submit(spec = {}, key = KEYS.submitter) {
      const program = await served.upload(PROGRAM);
      const source = { kind: 'range', start: 0, stop: 3 } as const;
      const response = await served.post('/v1/jobs', { name: 'A job', program, source, ...spec }, key);
      expect(response.status).toBe(201);
      return (await response.json()) as JobView;
    },
  };
  return served;
};

/** Checks that the answer is problem+json of this code, and gives it. */
export const expectProblem = async (response: Response | Answer, code: string): Promise<Problem> => {
  const [type, text] =
    response instanceof Response
      ? [response.headers.get('content-type'), await response.text()]
      : [response.headers['content-type'], response.body.toString()];
  expect(type, text).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({ code, status: response.status, type: `/errors/${code}` });
  return problem;
};

export const eventually = <T>(check: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 20_000, interval: 20 });
