import type { JobView, KeyView } from '@gossamer/protocol';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { startCoordinator, type RunningCoordinator } from '../../src/start.ts';
import { expectProblem, sha256 } from './serve.ts';

const SUBMITTER = 'submitter-key-of-these-tests';
const OPERATOR = 'operator-key-of-these-tests';
let coordinator: RunningCoordinator;

const call = (path: string, init: RequestInit = {}, key = SUBMITTER) =>
  fetch(`http://127.0.0.1:${coordinator.port}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
  });

const upload = async (text: string) => {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await call(`/v1/blobs/${sha256(text)}`, { method: 'PUT', body: text, headers });
  expect(response.status).toBeLessThan(300);
  return sha256(text);
};

const PROGRAM = 'export function run(input) { return input; }';
const submit = async (source: object, program = PROGRAM, fields: object = {}) =>
  call('/v1/jobs', {
    method: 'POST',
    body: JSON.stringify({ name: 'A job', program: await upload(program), source, ...fields }),
    headers: { 'content-type': 'application/json' },
  });
const RANGE = { kind: 'range', start: 0, stop: 3 };

beforeAll(async () => {
  coordinator = await startCoordinator(
    readConfig({
      GOSSAMER_PORT: '0',
      GOSSAMER_DATA: ':memory:',
      GOSSAMER_LOG_LEVEL: 'silent',
      GOSSAMER_OPERATOR_KEY: OPERATOR,
      GOSSAMER_SUBMITTER_KEY: SUBMITTER,
    }),
  );
});
afterAll(() => coordinator.close());

describe('the whole coordinator over HTTP', () => {
  test('WH1: a program that does not compile, imports or exports no run is refused by its own code', async () => {
    await expectProblem(await submit(RANGE, 'export function run( {'), 'program-invalid');
    await expectProblem(await submit(RANGE, 'export const walk = 1;'), 'program-exports');
    await expectProblem(
      await submit(RANGE, "import x from 'x'; export function run() { return x; }"),
      'program-imports',
    );
  });

  test('WH2: a source without units, an unreadable one and a truncated file are refused by their own codes', async () => {
    await expectProblem(await submit({ kind: 'range', start: 3, stop: 3 }), 'source-empty');
    await expectProblem(await submit({ kind: 'list', items: [] }), 'source-empty');
    const blob = await upload('no json\n');
    await expectProblem(await submit({ kind: 'lines', blob, format: 'ndjson' }), 'source-invalid');
    const bands = { kind: 'bands', blob, rows: 16, columns: 1024, cellBytes: 4, width: 64 };
    await expectProblem(await submit(bands), 'data-truncated');
    await expectProblem(await submit({ kind: 'lines', blob: sha256('nothing'), format: 'text' }), 'blob-unknown');
    expect(await (await call('/v1/jobs')).json()).toEqual({ items: [], next: null });
  });

  test('WH3: a job is made, held, released and cancelled, and each is a fact', async () => {
    const response = await submit(RANGE);
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as JobView;
    for (const [verb, state] of [
      ['hold', 'held'],
      ['release', 'running'],
      ['cancel', 'cancelled'],
    ]) {
      const changed = await call(`/v1/jobs/${id}/${verb}`, { method: 'POST' });
      expect(await changed.json()).toMatchObject({ id, state });
    }
    const facts = (await (await call(`/v1/jobs/${id}/facts`)).json()) as { items: { fact: number }[] };
    expect(facts.items.length).toBeGreaterThanOrEqual(4);
    const headers = { accept: 'application/x-ndjson' };
    const stream = await call(`/v1/jobs/${id}/results?follow=true`, { headers });
    expect([stream.status, await stream.text()]).toEqual([200, '']);
    expect(await (await call(`/v1/jobs/${id}/events`)).text()).toContain('"state":"cancelled"');
  });

  test('WH4: the keys given by configuration sign in, and are listed without their secrets', async () => {
    const list = await (await call('/v1/keys', {}, OPERATOR)).text();
    expect((JSON.parse(list) as { items: KeyView[] }).items.map((key) => key.role).sort()).toEqual([
      'operator',
      'submitter',
    ]);
    expect(list).not.toContain(OPERATOR);
    expect((await call('/v1/stats', {}, OPERATOR)).status).toBe(200);
    expect((await call('/v1/devices', {}, OPERATOR)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${coordinator.port}/v1/grid`)).status).toBe(200);
  });

  test('WH5: a cage is served behind its own walls, on its own host, and the API is not there', async () => {
    const get = (path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { host: `j1-0.cage.localhost:${coordinator.port}` };
        request({ host: '127.0.0.1', port: coordinator.port, path, headers, agent: false }, resolve)
          .on('error', reject)
          .end();
      });
    const cage = await get('/');
    cage.resume();
    expect(cage.statusCode).toBe(200);
    expect(cage.headers['content-security-policy']).toMatch(/^sandbox allow-scripts; default-src 'none';/);
    expect(cage.headers['connection-allowlist']).toBe('();webrtc=block');
    const api = await get('/v1/grid');
    api.resume();
    expect(api.statusCode).toBe(404);
  });

  test('WH6: a policy that contradicts itself is refused, with each field and the reason', async () => {
    const fields = { policy: { kind: 'trusted' }, comparison: { kind: 'tolerance' }, sameClass: true };
    const problem = await expectProblem(await submit(RANGE, PROGRAM, fields), 'policy-contradictory');
    expect(problem.errors?.map(({ path }) => path)).toEqual(['comparison', 'comparison', 'sameClass']);
    expect(problem.detail).toMatch(/bound above 0.*nothing is compared.*no replicas/);
  });

  test('WH7: a program that lacks what the policy or comparison asks of it is refused, with the name', async () => {
    const checked = { policy: { kind: 'check' } };
    expect((await expectProblem(await submit(RANGE, PROGRAM, checked), 'program-exports')).detail).toContain('check(');
    const equal = { comparison: { kind: 'program' } };
    expect((await expectProblem(await submit(RANGE, PROGRAM, equal), 'program-exports')).detail).toContain('equals(');
    const both = `${PROGRAM} export const check = () => true, equals = () => true;`;
    expect((await submit(RANGE, both, checked)).status).toBe(201);
    expect((await submit(RANGE, both, equal)).status).toBe(201);
  });
});
