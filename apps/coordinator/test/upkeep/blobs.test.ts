import type { JobView, Problem, Sha256 } from '@gossamer/protocol';
import { ENCODING } from '@gossamer/protocol';
import type { BlobStore, Stores } from '@gossamer/store';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { openStores } from '../../src/start.ts';
import { pause } from '../harness/chance.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, OPERATOR_KEY, startGrid } from '../harness/grid.ts';
import { compute } from './failing.ts';

const upkeep = (blobGraceMs: number) => ({ limits: { upkeep: { collectMs: 25, blobGraceMs } } });

const isThere = async (grid: TestGrid, hash: Sha256): Promise<boolean> =>
  (await grid.rest.call('HEAD', `/v1/blobs/${hash}`)).status === 200;

const nextOf = (before: string): string => createHash('sha256').update(before).digest('hex');

test('BG1: a blob that no job names goes after its grace; those of jobs stay, also of ones that are complete, until they are deleted', async () => {
  const grid = await startGrid(upkeep(5000));
  const lines = await grid.rest.upload('1\n2\n3\n');
  const source = { kind: 'lines', blob: lines, format: 'ndjson' } as const;
  const job = await grid.rest.submit(1, { source });
  const other = await grid.rest.upload('nobody wants this');
  await compute(grid, job.id);
  expect(await isThere(grid, other)).toBe(true);
  await eventually(async () => expect(await isThere(grid, other)).toBe(false));
  expect([await isThere(grid, lines), await isThere(grid, job.program)]).toEqual([true, true]);
  await grid.rest.json('DELETE', `/v1/jobs/${job.id}`);
  await eventually(async () =>
    expect([await isThere(grid, lines), await isThere(grid, job.program)]).toEqual([false, false]),
  );
});

test('BG2: who uploads it again has the whole grace again', async () => {
  const grid = await startGrid(upkeep(1500));
  const hash = await grid.rest.upload('again and again');
  for (let at = 0; at < 10; at++) {
    await pause(300);
    expect(await grid.rest.upload('again and again')).toBe(hash);
    expect(await isThere(grid, hash)).toBe(true);
  }
});

test('BG3: operators see how much was collected, and how much is there', async () => {
  const grid = await startGrid(upkeep(3000));
  await grid.rest.submit(1);
  await grid.rest.upload('x'.repeat(5000));
  const metrics = async (): Promise<string> => (await grid.rest.call('GET', '/metrics')).text();
  await eventually(async () => expect(await metrics()).toContain('gossamer_blobs_collected_bytes_total 5000'));
  const text = await metrics();
  expect(text).toContain('gossamer_blobs_collected_total 1');
  expect(text).toMatch(/gossamer_blob_bytes\{named="yes"\} [1-9]/);
});

/** Stores that wait between the look whether a blob is there and the next step, so that much may come between. */
const slow =
  (waits: { ms: number }) =>
  async (config: Config): Promise<Stores> => {
    const stores = await openStores(config);
    const blobs = new Proxy(stores.blobs, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        const bound = value.bind(target) as (...args: unknown[]) => unknown;
        if (name !== 'stat') return bound;
        return async (hash: Sha256) => {
          const found = await target.stat(hash);
          await pause(waits.ms);
          return found;
        };
      },
    }) satisfies BlobStore;
    return { ...stores, blobs };
  };

test('BG4: a job that is made while the collector runs has its blobs, or is told that they are gone', async () => {
  const grid = await startGrid({ ...upkeep(1), open: slow({ ms: 60 }) });
  const outcomes = { made: 0, gone: 0 };
  const headers = { authorization: `Bearer ${OPERATOR_KEY}`, 'content-type': 'application/json' };
  let code = 'a';
  for (let round = 0; round < 25; round++) {
    code = nextOf(code);
    // The collector takes it at any moment from here on: at once, or in the middle of making the job.
    const program = await grid.rest.upload(`export const run = (x) => x; // ${code}`);
    await pause((round % 5) * 12);
    const body = JSON.stringify({ name: 'x', program, source: { kind: 'range', start: 0, stop: 1 } });
    const response = await fetch(`${grid.rest.url}/v1/jobs`, { method: 'POST', body, headers });
    const answer = (await response.json()) as JobView & Problem;
    if (response.status === 201) {
      outcomes.made += 1;
      await pause(60);
      expect(await isThere(grid, program)).toBe(true);
    } else {
      outcomes.gone += 1;
      expect(answer.code).toBe('blob-unknown');
      expect((await grid.rest.json<{ items: unknown[] }>('GET', '/v1/jobs')).items).toHaveLength(outcomes.made);
    }
  }
  expect(outcomes.made + outcomes.gone).toBe(25);
});

test('BG4: a blob is safe from the moment in which a job is being made of it', async () => {
  const waits = { ms: 0 };
  const grid = await startGrid({ ...upkeep(400), open: slow(waits) });
  const program = await grid.rest.upload('export const run = (x) => x; // held');
  waits.ms = 700;
  const source = { kind: 'range', start: 0, stop: 1 };
  const job = await grid.rest.json<JobView>('POST', '/v1/jobs', { name: 'slow', program, source });
  waits.ms = 0;
  expect(await isThere(grid, program)).toBe(true);
  expect(job.state).toBe('running');
});

test('BG5: a slice that was collected is cut again when its unit is given out', async () => {
  const grid = await startGrid({ ...upkeep(2000), env: { GOSSAMER_SESSION_GRACE_MS: '100' } });
  const data = await grid.rest.upload(Buffer.alloc(100_010, 7));
  const source = { kind: 'records', blob: data, bytes: 100_000, offset: 10 } as const;
  await grid.rest.submit(1, { source, policy: { kind: 'quorum', quorum: 1 } });
  const first = await grid.device();
  const [lease] = await first.work(1);
  const [input] = lease!.inputs;
  expect(input).toMatchObject({ kind: 'blob', encoding: ENCODING.bytes });
  const name = Buffer.from((input as { sha256: Uint8Array }).sha256).toString('hex') as Sha256;
  await eventually(async () => expect(await isThere(grid, name)).toBe(false));
  first.close();
  const second = await grid.device();
  const [again] = await second.work(1);
  const slice = Buffer.from((again!.inputs[0] as { sha256: Uint8Array }).sha256).toString('hex') as Sha256;
  const response = await grid.rest.call('GET', `/v1/blobs/${slice}`);
  expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 100_000]);
});
