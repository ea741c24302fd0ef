import { randomBytes } from 'node:crypto';
import { ENCODING, OUTCOME, resultOutcome, utf8 } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import { report } from '../harness/device.ts';
import { OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { contentsOf } from '../../../../scripts/lib/zip.mjs';
import { lines } from '../harness/result-lines.ts';
import { compute } from '../upkeep/failing.ts';

test('RS9: an archive has the job, a line for each final unit, and the bytes as they are', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(600, { limits: { maxErrors: 1 } });
  const archive = async (): Promise<Map<string, Buffer>> => {
    const response = await grid.rest.call('GET', `/v1/jobs/${id}/archive`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${id}.zip"`);
    return contentsOf(Buffer.from(await response.arrayBuffer()));
  };
  const empty = await archive();
  expect([...empty.keys()]).toEqual(['job.json', 'results.ndjson']);
  expect(lines(empty.get('results.ndjson')!)).toEqual([]);

  const device = await grid.device();
  const floats = new Float64Array([0.5, -1]);
  const outcomes = [
    { outcome: OUTCOME.json, body: utf8('{"a":[1]}') },
    { outcome: OUTCOME.bytes, body: Uint8Array.of(0, 255, 10) },
    { outcome: resultOutcome(ENCODING.float64), body: new Uint8Array(floats.buffer) },
    { outcome: OUTCOME.errored, body: utf8('no luck') },
  ];
  while ((await grid.rest.job(id)).state === 'running') {
    const held = await device.work(4);
    const reports = held.map((lease) => {
      const whole = report(lease);
      whole.attempts.forEach((attempt, at) => Object.assign(attempt, outcomes[lease.units[at]! % 4]));
      return whole;
    });
    await device.exchange({ slots: 0, reports });
  }
  const full = await archive();
  expect(JSON.parse(full.get('job.json')!.toString())).toMatchObject({ id, state: 'completed' });
  const found = lines(full.get('results.ndjson')!);
  expect(found).toHaveLength(600);
  expect(found.slice(0, 4)).toEqual([
    { unit: 0, output: { a: [1] } },
    { unit: 1, file: 'outputs/1.bin' },
    { unit: 2, file: 'outputs/2.bin', type: 'float64' },
    { unit: 3, error: expect.stringContaining('no luck') },
  ]);
  expect(full.size).toBe(2 + 300);
  for (let unit = 0; unit < 600; unit += 4) {
    expect(full.get(`outputs/${unit + 1}.bin`)).toEqual(Buffer.of(0, 255, 10));
    expect(full.get(`outputs/${unit + 2}.bin`)).toEqual(Buffer.from(floats.buffer));
  }
});

test('RS11: an archive whose job is deleted while it is read breaks off, and the coordinator goes on', async () => {
  const grid = await startGrid();
  const UNITS = 800;
  const { id } = await grid.rest.submit(UNITS);
  const device = await grid.device();
  // More than lies on the way to a reader that stands still.
  const output = JSON.stringify(randomBytes(30_000).toString('base64'));
  for (let done = 0; done < UNITS;) {
    const held = await device.work(1);
    for (const lease of held) done += lease.units.length;
    await device.exchange({ slots: 0, reports: held.map((lease) => report(lease, () => output)) });
  }
  expect((await grid.rest.job(id)).state).toBe('completed');
  const archive = await grid.rest.call('GET', `/v1/jobs/${id}/archive`);
  expect(archive.status).toBe(200);
  expect((await grid.rest.call('DELETE', `/v1/jobs/${id}`)).status).toBeLessThan(300);
  await expect(archive.arrayBuffer()).rejects.toThrow();
  expect((await grid.rest.call('GET', '/v1/me')).status).toBe(200);
});

test('RS9: of a job that is none there is no archive', async () => {
  const grid = await startGrid();
  const response = await grid.rest.call('GET', '/v1/jobs/job_017f22e2-79b0-7cc3-98c4-dc0c0c07398f/archive');
  expect(await response.json()).toMatchObject({ status: 404, code: 'job-unknown' });
});

test('RS14: the archive of a job that has ended has an ETag that follows its facts; of one that runs there is none', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(4, { limits: { maxErrors: 1 } });
  const get = async (headers: Record<string, string> = {}, method = 'GET') => {
    const sent = { authorization: `Bearer ${OPERATOR_KEY}`, ...headers };
    const response = await fetch(`${grid.rest.url}/v1/jobs/${id}/archive`, { method, headers: sent });
    const body = Buffer.from(await response.arrayBuffer());
    const [etag, ranges, caching] = ['etag', 'accept-ranges', 'cache-control'].map((name) =>
      response.headers.get(name),
    );
    return { status: response.status, etag, ranges, caching, body };
  };
  expect(await get()).toMatchObject({ status: 200, etag: null, ranges: 'none', caching: 'no-store' });
  await compute(grid, id, (unit) => unit === 2);
  const ended = await get();
  expect(ended).toMatchObject({ status: 200, ranges: 'none', caching: 'private, no-cache' });
  expect(ended.etag).toBe(`W/"${(await grid.rest.job(id)).fact}"`);
  const strong = ended.etag!.slice(2);
  for (const known of [ended.etag!, strong, `"other", ${ended.etag}`, '*']) {
    const same = await get({ 'if-none-match': known });
    expect(same).toMatchObject({ status: 304, etag: ended.etag, body: Buffer.alloc(0) });
  }
  expect(await get({ 'if-none-match': ended.etag! }, 'HEAD')).toMatchObject({ status: 304 });
  expect(await get({ 'if-none-match': '"1"' })).toMatchObject({ status: 200 });
  // Parts of what is made anew each time would not fit together: the whole comes.
  const whole = await get({ range: 'bytes=0-9' });
  expect(whole.status).toBe(200);
  expect([...(await contentsOf(whole.body)).keys()]).toContain('results.ndjson');

  await grid.rest.json('POST', `/v1/jobs/${id}/retry`);
  expect(await get({ 'if-none-match': ended.etag! })).toMatchObject({ status: 200, etag: null });
  await compute(grid, id);
  const again = await get({ 'if-none-match': ended.etag! });
  expect(again).toMatchObject({ status: 200, etag: expect.stringMatching(/^W\/"\d+"$/) });
  expect(again.etag).not.toBe(ended.etag);
});
