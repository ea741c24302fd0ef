import type { JobFact } from '@gossamer/core';
import type { Sha256 } from '@gossamer/protocol';
import { encodeResultBlob, ENCODING, inBlob } from '@gossamer/protocol';
import { MemoryReadModel } from '@gossamer/store';
import { expect, test } from 'vitest';
import { JobChanges } from '../../src/queries/job-changes.ts';
import { Projector } from '../../src/queries/projector.ts';
import { Queries } from '../../src/queries/queries.ts';
import { leaseCapOf } from '../../src/service/create-job.ts';
import { BEGINNING } from '../../src/webhooks/lane.ts';
import { accepted, audited, JOB, JobLog, judged } from './log-of.ts';

const MIB = 1024 * 1024;
const NAME = 'ab'.repeat(32) as Sha256;
const SIZE = 3 * MIB + 1;

const large: JobFact = {
  kind: 'returned',
  at: 1,
  device: 1,
  epoch: 1,
  lease: 1,
  items: [0, 1].map((unit) => ({
    unit,
    offset: unit,
    runMs: 1,
    encoding: inBlob(unit === 0 ? ENCODING.int8 : ENCODING.float64),
    body: encodeResultBlob({ sha256: NAME, size: SIZE }),
  })),
};
const SEGMENTS = [[large], [accepted(1, 0)], [audited(1, 0)], [judged(0, 0), judged(1, 0)]];

test('LB22: provisional lines and webhooks tell a large result by name or size; one that is no whole number of elements has no type', async () => {
  const { log, last } = await JobLog.of(SEGMENTS);
  const reads = new MemoryReadModel();
  const projector = new Projector(log, reads);
  const queries = new Queries(log, reads, projector, () => null);
  const blob = { sha256: NAME, bytes: SIZE, encoding: 'bytes' };
  const { items } = await queries.changingResults(JOB, last, undefined, 100);
  expect(items.map(({ cursor: _, ...line }) => line)).toEqual([
    { unit: 0, blob, type: 'int8', kind: 'provisional' },
    { unit: 0, kind: 'revoked' },
    { unit: 0, blob, type: 'int8', kind: 'final' },
    { unit: 1, blob, kind: 'final' },
  ]);
  const changes = new JobChanges(log, reads, projector);
  const run = (await changes.next(JOB, last, BEGINNING, new Set(['provisional'])))!;
  expect(await changes.read(JOB, run.told, BEGINNING, run.upto)).toEqual([{ unit: 0, size: SIZE }]);
  const final = (await changes.next(JOB, last, BEGINNING, new Set(['final'])))!;
  expect(
    (await changes.read(JOB, final.told, BEGINNING, final.upto)).map((item) => 'size' in item && item.size),
  ).toEqual([SIZE, SIZE]);
});

test('LB23: a lease of a job with large results has as many units as have 256 MiB of results at the most, and one at the least', () => {
  expect(leaseCapOf(0, MIB, 10_000)).toBe(10_000);
  expect(leaseCapOf(0, MIB + 1, 10_000)).toBe(255);
  expect(leaseCapOf(0, 64 * MIB, 10_000)).toBe(4);
  expect(leaseCapOf(0, 64 * MIB, 3)).toBe(3);
  expect(leaseCapOf(0, 1024 * MIB, 10_000)).toBe(1);
});
