import type { BatchCreated, BatchView, JobView, Page, Sha256 } from '@gossamer/protocol';
import { OutcomeUnknown } from '@gossamer/store';
import { expect, test } from 'vitest';
import type { FaultyLog } from '../harness/faulty-log.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, PROGRAM } from '../harness/grid.ts';
import { grant, signed, Submitter } from '../harness/signing.ts';
import { settles } from '../runtime/world.ts';
import { compute } from '../upkeep/failing.ts';
import { failLast, faulty } from './doubt.ts';

const listed = async ({ rest }: TestGrid): Promise<JobView[]> =>
  (await rest.json<Page<JobView>>('GET', '/v1/jobs')).items;

/** From now on nobody finds out what is on disk; gives what lets them. */
const blind = (log: FaultyLog): (() => void) => {
  log.claimErrors.push(...Array.from({ length: 1000 }, () => new OutcomeUnknown('lost')));
  return () => void log.claimErrors.splice(0);
};

/** Something is written, and what was in doubt is found out with it. */
const write = ({ rest }: TestGrid) =>
  eventually(() => rest.json('POST', '/v1/keys', { role: 'submitter', name: 'New' }));

test('BA18: of a batch that turns out to be made the jobs end whose signer was revoked before', async () => {
  const { grid, log } = await faulty();
  const sue = await Submitter.join(grid);
  const [ada, eve] = [await sue.signer('Ada'), await sue.signer('Eve')];
  for (const pair of [ada, eve]) await grant(grid, pair);
  const program = await grid.rest.upload(PROGRAM);
  const jobs = await Promise.all(
    [eve, ada, eve].map(async (pair, at) => ({
      name: `job ${at}`,
      program,
      source: { kind: 'range', start: 0, stop: 2 },
      policy: { kind: 'quorum', quorum: 1 },
      signature: await signed(pair),
    })),
  );
  log.holding = true;
  const asked = sue.call<BatchCreated>('POST', '/v1/batches', { name: 'Late', jobs });
  // Its numbers are taken, and its jobs' logs begin: then Eve is revoked.
  await eventually(() => expect(log.held).toHaveLength(1));
  log.held.shift()!.go({ kind: 'ok' });
  await eventually(() => expect(log.held[0]?.segments.some(({ shard }) => shard !== 0)).toBe(true));
  const revoked = grid.rest.json('DELETE', `/v1/signers/${eve.key}`);
  expect(await settles(revoked, 200)).toBe(false);
  let see = (): void => undefined;
  expect((await failLast(log, asked, true, () => (see = blind(log)))).status).toBe(503);
  await Promise.allSettled([revoked]);
  expect(await listed(grid)).toEqual([]);
  see();
  await write(grid);
  await eventually(async () => expect(await listed(grid)).toHaveLength(3));
  const states = (await listed(grid)).map(({ name, state, reason }) => [name, state, reason]).toReversed();
  expect(states).toEqual([
    ['job 0', 'cancelled', expect.stringContaining('Eve')],
    ['job 1', 'running', null],
    ['job 2', 'cancelled', expect.stringContaining('Eve')],
  ]);
});

test('BA19: what the jobs of a batch name is there when the batch turns out to be made, however long that took', async () => {
  const { grid, log } = await faulty({ limits: { upkeep: { collectMs: 25, blobGraceMs: 2000 } } });
  const isThere = async (hash: Sha256): Promise<boolean> =>
    (await grid.rest.call('HEAD', `/v1/blobs/${hash}`)).status === 200;
  const blob = await grid.rest.upload('1\n2\n3\n');
  const program = await grid.rest.upload(PROGRAM);
  const source = { kind: 'lines', blob, format: 'ndjson' };
  const jobs = [{ name: 'job', program, source, policy: { kind: 'quorum', quorum: 1 } }];
  let see = (): void => undefined;
  const asked = grid.rest.call('POST', '/v1/batches', { name: 'Late', jobs });
  expect((await failLast(log, asked, true, () => (see = blind(log)))).status).toBe(503);
  // Nobody names this one: when it has gone, the others would have gone before.
  const other = await grid.rest.upload('nobody wants this');
  await eventually(async () => expect(await isThere(other)).toBe(false));
  expect([await isThere(blob), await isThere(program)]).toEqual([true, true]);
  see();
  await write(grid);
  const job = await eventually(async () => (await listed(grid))[0]!.id);
  await compute(grid, job);
  const { items } = await grid.rest.json<Page<BatchView>>('GET', '/v1/batches');
  expect(items).toMatchObject([{ jobs: { completed: 1 }, units: { validated: 3 } }]);
  // Then they are the job's.
  await grid.rest.json('DELETE', `/v1/jobs/${job}`);
  await eventually(async () => expect([await isThere(blob), await isThere(program)]).toEqual([false, false]));
});
