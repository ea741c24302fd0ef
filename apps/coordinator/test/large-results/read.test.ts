import type { Problem } from '@gossamer/protocol';
import { ENCODING } from '@gossamer/protocol';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { report } from '../harness/device.ts';
import { contentsOf } from '../../../../scripts/lib/zip.mjs';
import { eventually, OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { bytesOf, deliver, MIB, nameOf } from './sender.ts';

const KEY = `Bearer ${OPERATOR_KEY}`;
const LIMITS = { resultBytes: 4 * MIB };

test('LB18: the bytes of a final result are read whole or in parts, by GET and HEAD, large or not, with their SHA-256 as the ETag', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(2, { limits: LIMITS });
  const device = await grid.device();
  const bytes = bytesOf(3 * MIB, 20);
  const [first] = await device.work();
  await deliver(grid.rest.url, device, first!, bytes, ENCODING.int16);
  const [second] = await device.work();
  await device.exchange({ slots: 0, reports: [report(second!, () => ({ small: true }))] });
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  const small = Buffer.from('{"small":true}');
  const cases = [
    [first!.units[0]!, bytes, 'application/octet-stream; type=int16'],
    [second!.units[0]!, small, 'application/json'],
  ] as const;
  for (const [unit, whole, type] of cases) {
    const path = `/v1/jobs/${id}/units/${unit}/result`;
    const etag = `"${createHash('sha256').update(whole).digest('hex')}"`;
    const got = await grid.rest.call('GET', path);
    expect([got.status, got.headers.get('etag')]).toEqual([200, etag]);
    expect(got.headers.get('content-type')).toContain(type);
    expect(Buffer.compare(Buffer.from(await got.arrayBuffer()), whole)).toBe(0);
    const head = await grid.rest.call('HEAD', path);
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.byteLength)]);
    const asked = (headers: Record<string, string>) =>
      fetch(grid.rest.url + path, { headers: { authorization: KEY, ...headers } });
    const part = await asked({ range: 'bytes=2-9' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 2-9/${whole.byteLength}`]);
    expect(Buffer.compare(Buffer.from(await part.arrayBuffer()), whole.subarray(2, 10))).toBe(0);
    const beyond = await asked({ range: `bytes=${whole.byteLength}-` });
    expect([beyond.status, ((await beyond.json()) as Problem).code]).toEqual([416, 'range-unsatisfiable']);
    expect((await asked({ 'if-none-match': etag })).status).toBe(304);
  }
});

test('LB19: an archive holds large results as files, read as they are sent', async () => {
  const grid = await startGrid();
  const { id } = await grid.rest.submit(2, { limits: LIMITS });
  const device = await grid.device();
  const bytes = bytesOf(3 * MIB, 21);
  const json = new Uint8Array(Buffer.from(JSON.stringify('y'.repeat(MIB))));
  const [first] = await device.work();
  await deliver(grid.rest.url, device, first!, bytes);
  const [second] = await device.work();
  await deliver(grid.rest.url, device, second!, json, ENCODING.json);
  await eventually(async () => expect((await grid.rest.job(id)).state).toBe('completed'));
  const response = await grid.rest.call('GET', `/v1/jobs/${id}/archive`);
  const found = await contentsOf(Buffer.from(await response.arrayBuffer()));
  expect([...found.keys()]).toEqual(['job.json', 'results.ndjson', 'outputs/0.bin', 'outputs/1.json']);
  expect(Buffer.compare(found.get('outputs/0.bin')!, bytes)).toBe(0);
  expect(Buffer.compare(found.get('outputs/1.json')!, json)).toBe(0);
  const [line] = found.get('results.ndjson')!.toString().split('\n');
  expect(JSON.parse(line!)).toEqual({
    unit: 0,
    file: 'outputs/0.bin',
    blob: { sha256: nameOf(bytes), bytes: 3 * MIB, encoding: 'bytes' },
  });
});

test('LB20: what would have to read large results is refused when a job is made, and so is more than the operator allows', async () => {
  const grid = await startGrid({ env: { GOSSAMER_RESULT_MB: '8' } });
  const program = await grid.rest.upload(
    'export const run = (x) => x; export const reduce = (a, x) => x; export const check = () => true;',
  );
  const codeOf = async (spec: object): Promise<string> => {
    const source = { kind: 'range', start: 0, stop: 1 };
    const body = { name: 'L', program, source, limits: LIMITS, reduce: false, ...spec };
    const response = await grid.rest.call('POST', '/v1/jobs', body);
    const answer = (await response.json()) as Problem;
    return response.ok ? 'made' : `${answer.code} ${(answer.errors ?? []).map(({ path }) => path).join(' ')}`;
  };
  expect(await codeOf({})).toBe('made');
  expect(await codeOf({ policy: { kind: 'adaptive' } })).toBe('made');
  expect(await codeOf({ comparison: { kind: 'tolerance', relative: 1e-9 } })).toBe('policy-contradictory comparison');
  expect(await codeOf({ policy: { kind: 'check' } })).toBe('policy-contradictory policy');
  expect(await codeOf({ reduce: true })).toBe('policy-contradictory reduce');
  expect(await codeOf({ reduce: undefined })).toBe('policy-contradictory reduce');
  expect(await codeOf({ limits: { resultBytes: MIB }, reduce: undefined })).toBe('made');
  expect(await codeOf({ limits: { resultBytes: 8 * MIB + 1 } })).toBe('result-too-large limits.resultBytes');
  expect(await codeOf({ limits: { resultBytes: 1024 * MIB + 1 } })).toBe('request-invalid body.limits.resultBytes');
});
