import type { JobId, JobView, ResultView } from '@gossamer/protocol';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { eventually, KEYS, serve, type Served } from './serve.ts';

const NDJSON = { headers: { accept: 'application/x-ndjson' } };

const many = async (grid: Served, units: number, output: string): Promise<JobView> => {
  const job = await grid.submit({ source: { kind: 'range', start: 0, stop: units + 1 } });
  for (let i = 0; i < units; i++) grid.grid.finish(job.id, output);
  return job;
};

const lines = (text: string): ResultView[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ResultView);

/** Reads lines of a stream as they come. */
const reader = (response: Response) => {
  const source = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  return {
    async next(): Promise<ResultView | null> {
      while (!rest.includes('\n')) {
        const { done, value } = await source.read();
        if (done) return null;
        rest += value;
      }
      const end = rest.indexOf('\n');
      const line = rest.slice(0, end);
      rest = rest.slice(end + 1);
      return JSON.parse(line) as ResultView;
    },
    cancel: () => source.cancel(),
  };
};

test('RX1: the stream holds every result once, in the order of the pages, and ends without follow', async () => {
  const grid = await serve();
  const { id } = await many(grid, 450, 'x');
  const response = await grid.call(`/v1/jobs/${id}/results`, NDJSON);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  const all = lines(await response.text());
  expect(all.map((result) => result.unit)).toEqual(Array.from({ length: 450 }, (_, unit) => unit));
});

test('RX2: the stream goes on after a cursor', async () => {
  const grid = await serve();
  const { id } = await many(grid, 10, 'x');
  const text = await (await grid.call(`/v1/jobs/${id}/results?after=7`, NDJSON)).text();
  expect(lines(text).map((result) => result.unit)).toEqual([7, 8, 9]);
});

test('RX3: with follow, results are sent as they become final, and the stream ends with the job', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const stream = reader(await grid.call(`/v1/jobs/${id}/results?follow=true`, NDJSON));
  for (const output of ['a', 'b', 'c']) {
    grid.grid.finish(id, output);
    expect(await stream.next()).toMatchObject({ output });
  }
  expect(await stream.next()).toBeNull();
  await eventually(() => expect(grid.grid.watchers).toBe(0));
});

test('RX4: with follow, the stream ends when the job is cancelled', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  grid.grid.finish(id, 'a');
  const stream = reader(await grid.call(`/v1/jobs/${id}/results?follow=true`, NDJSON));
  expect(await stream.next()).toMatchObject({ output: 'a' });
  await grid.post(`/v1/jobs/${id}/cancel`, {});
  expect(await stream.next()).toBeNull();
});

test('RX5: a client that leaves ends its stream and its watching', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const streams = await Promise.all(
    Array.from({ length: 5 }, () => grid.call(`/v1/jobs/${id}/results?follow=true`, NDJSON)),
  );
  await eventually(() => expect(grid.grid.watchers).toBe(5));
  for (const response of streams) await reader(response).cancel();
  await eventually(() => expect(grid.grid.watchers).toBe(0));
  expect((await grid.call(`/v1/jobs/${id}`)).status).toBe(200);
});

test('RX6: a slow reader is waited for: results are not read ahead of it', async () => {
  const grid = await serve();
  const { id } = await many(grid, 20_000, 'y'.repeat(2000));
  const whole = 20_000 / 1000;
  const socket = connect(grid.port, '127.0.0.1');
  socket.pause();
  socket.write(
    `GET /v1/jobs/${id}/results HTTP/1.1\r\nHost: localhost\r\nAccept: application/x-ndjson\r\n` +
      `Authorization: Bearer ${KEYS.submitter}\r\nConnection: close\r\n\r\n`,
  );
  await eventually(() => expect(grid.grid.resultReads).toBeGreaterThan(2));
  let before = -1;
  await eventually(async () => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reads = grid.grid.resultReads;
    const settled = reads === before;
    before = reads;
    expect(settled).toBe(true);
  });
  expect(grid.grid.resultReads).toBeLessThan(whole / 2);
  let bytes = 0;
  socket.on('data', (chunk) => void (bytes += chunk.length));
  socket.resume();
  await new Promise((resolve) => socket.once('end', resolve));
  expect(grid.grid.resultReads).toBeGreaterThanOrEqual(whole);
  expect(bytes).toBeGreaterThan(20_000 * 2000);
});

test('RX7: HEAD of a stream has its headers and opens none', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const response = await grid.call(`/v1/jobs/${id}/results?follow=true`, { ...NDJSON, method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/x-ndjson');
  expect(grid.grid.watchers).toBe(0);
});

test('RX8: closing the coordinator ends the streams that are open', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const stream = reader(await grid.call(`/v1/jobs/${id}/results?follow=true`, NDJSON));
  await eventually(() => expect(grid.grid.watchers).toBe(1));
  await grid.app.close();
  expect(await stream.next()).toBeNull();
  expect(grid.grid.watchers).toBe(0);
});

test('RX9: a result that becomes final while the page before it is read is not missed', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const results = grid.grid.results.bind(grid.grid);
  let calls = 0;
  grid.grid.results = async (caller, job: JobId, page) => {
    const read = await results(caller, job, page);
    // Call 1 checks the cursor; call 2 reads the first page, and the whole job ends before it is answered.
    if (++calls === 2) for (const output of ['a', 'b', 'c']) grid.grid.finish(id, output);
    return read;
  };
  const text = await (await grid.call(`/v1/jobs/${id}/results?follow=true`, NDJSON)).text();
  expect(lines(text).map((result) => result.output)).toEqual(['a', 'b', 'c']);
});
