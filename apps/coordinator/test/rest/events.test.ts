import type { GridEvent, JobView } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { type Frame, frames } from '../harness/sse.ts';
import { eventually, KEYS, serve } from './serve.ts';

const job = (frame: Frame | null): JobView => JSON.parse(frame!.data!) as JobView;

test('EV1: the present state comes at once, each change after it, and the stream ends with the job', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const response = await grid.call(`/v1/jobs/${id}/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const stream = frames(response);
  const first = await stream.nextEvent();
  expect(first).toMatchObject({ event: 'job', id: '1' });
  expect(job(first).units.validated).toBe(0);
  for (const validated of [1, 2, 3]) {
    grid.grid.finish(id, 'x');
    const frame = await stream.nextEvent();
    expect(frame!.id).toBe(String(1 + validated));
    expect(job(frame).units.validated).toBe(validated);
  }
  expect(await stream.nextEvent()).toBeNull();
  await eventually(() => expect(grid.grid.watchers).toBe(0));
});

test('EV2: Last-Event-ID: an older one gets the present state at once, the present one waits for news', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  grid.grid.finish(id, 'x');
  const old = frames(await grid.call(`/v1/jobs/${id}/events`, { headers: { 'last-event-id': '1' } }));
  expect(await old.nextEvent()).toMatchObject({ id: '2' });
  const present = frames(await grid.call(`/v1/jobs/${id}/events`, { headers: { 'last-event-id': '2' } }));
  expect(await present.next()).toMatchObject({ event: null });
  grid.grid.finish(id, 'x');
  expect(await present.nextEvent()).toMatchObject({ id: '3' });
  await Promise.all([old.cancel(), present.cancel()]);
});

test('EV3: a client that knows how the job ended gets 204, so that an EventSource stops', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  await grid.post(`/v1/jobs/${id}/cancel`, {});
  const once = frames(await grid.call(`/v1/jobs/${id}/events`));
  const last = await once.nextEvent();
  expect(job(last).state).toBe('cancelled');
  expect(await once.nextEvent()).toBeNull();
  const again = await grid.call(`/v1/jobs/${id}/events`, { headers: { 'last-event-id': last!.id! } });
  expect(again.status).toBe(204);
});

test('EV4: a silent stream carries heartbeats', async () => {
  const grid = await serve({ limits: { heartbeatMs: 30 } });
  const { id } = await grid.submit();
  const stream = frames(await grid.call(`/v1/jobs/${id}/events`));
  await stream.nextEvent();
  for (let i = 0; i < 3; i++) expect(await stream.next()).toEqual({ event: null, id: null, data: null });
  await stream.cancel();
});

test('EV5: a client that leaves is watched for no longer', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const streams = await Promise.all(Array.from({ length: 8 }, () => grid.call(`/v1/jobs/${id}/events`)));
  await eventually(() => expect(grid.grid.watchers).toBe(8));
  for (const response of streams) await frames(response).cancel();
  await eventually(() => expect(grid.grid.watchers).toBe(0));
  const { body } = await grid.raw('/metrics', { host: 'localhost' });
  expect(body.toString()).toMatch(/^gossamer_http_streams_open 0$/m);
});

test('EV6: changes that come faster than they are read are one event with the newest state', async () => {
  const grid = await serve();
  const { id } = await grid.submit({ source: { kind: 'range', start: 0, stop: 5000 } });
  const stream = frames(await grid.call(`/v1/jobs/${id}/events`));
  await stream.nextEvent();
  for (let i = 0; i < 5000; i++) grid.grid.finish(id, 'x');
  let events = 0;
  let newest: Frame | null = null;
  for (let frame = await stream.nextEvent(); frame !== null; frame = await stream.nextEvent()) {
    events++;
    newest = frame;
  }
  expect(job(newest).state).toBe('completed');
  expect(events).toBeLessThan(100);
});

test('EV7: the grid is watched by operators: all jobs, and the sessions that are connected', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const stream = frames(await grid.call('/v1/events', { key: KEYS.operator }));
  const first = await stream.nextEvent();
  expect(first!.event).toBe('grid');
  expect(JSON.parse(first!.data!)).toMatchObject({ jobs: [{ id, state: 'running' }], sessions: 0 });
  grid.grid.sessions = 2;
  grid.grid.finish(id, 'x');
  const second = JSON.parse((await stream.nextEvent())!.data!) as GridEvent;
  expect(second).toMatchObject({ sessions: 2, jobs: [{ units: { validated: 1 } }] });
  await stream.cancel();
});

test('EV8: closing the coordinator ends event streams', async () => {
  const grid = await serve();
  const { id } = await grid.submit();
  const streams = [
    frames(await grid.call(`/v1/jobs/${id}/events`)),
    frames(await grid.call('/v1/events', { key: KEYS.operator })),
  ];
  for (const stream of streams) await stream.nextEvent();
  await grid.app.close();
  for (const stream of streams) expect(await stream.nextEvent()).toBeNull();
});
