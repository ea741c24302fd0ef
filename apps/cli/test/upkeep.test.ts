import { Gossamer } from '@gossamer/sdk';
import { beforeAll, expect, it } from 'vitest';
import { ndjson, useGossamer } from './gossamer.ts';
import { useCoordinator } from './real-grid.ts';

const { folder, run, write } = useGossamer();
const { env, operator } = useCoordinator(folder);

beforeAll(() => write('double.ts', 'export const run = (x: number) => x * 2;'));

/** Runs a command as the submitter, or with another key. */
const as = (args: string[], key?: string) => run(args, { env: env(key) });

const create = async (...flags: string[]): Promise<string> => {
  const { stdout, status } = await as(['jobs', 'create', 'double.ts', '--range', '0..4', '--detach', ...flags]);
  expect(status).toBe(0);
  return stdout.trim();
};

it('RN10: a job that runs is not deleted; one that was cancelled is, and is gone', async () => {
  const id = await create();
  expect(await as(['jobs', 'delete', id])).toMatchObject({ status: 7, stderr: expect.stringContaining('(job-open)') });
  await as(['jobs', 'cancel', id]);
  expect(await as(['jobs', 'delete', id])).toMatchObject({ status: 0, stdout: 'it is deleted\n' });
  expect(await as(['jobs', 'show', id])).toMatchObject({ stderr: expect.stringContaining('(job-deleted)') });
}, 180_000);

it('RN10: for how long a job is kept is said by a flag and shown', async () => {
  const kept = await create('--keep-days', '30');
  expect((await as(['jobs', 'show', kept])).stdout).toMatch(/^kept\tfor 30 days after its end$/m);
  await as(['jobs', 'cancel', kept]);
  expect((await as(['jobs', 'show', kept])).stdout).toMatch(/^kept\tuntil \d{4}-/m);
  expect((await as(['jobs', 'show', await create('--keep-days', 'forever')])).stdout).toMatch(
    /^kept\tuntil it is deleted$/m,
  );
  expect(await as(['jobs', 'create', 'double.ts', '--range', '0..4', '--keep-days', 'long'])).toMatchObject({
    status: 2,
  });
}, 180_000);

it('QT9: quotas are set with a key or later, shown, and kept to', async () => {
  const made = await as(['keys', 'create', 'lab', '--quota-jobs', '1', '--quota-blob-mb', '2', '--json'], operator);
  const [key] = ndjson(made.stdout) as { id: string; secret: string; quota: object }[];
  expect(key!.quota).toEqual({ openJobs: 1, blobBytes: 2 * 1024 * 1024 });
  const job = ['jobs', 'create', 'double.ts', '--range', '0..4', '--detach'];
  expect((await as(job, key!.secret)).status).toBe(0);
  expect(await as(job, key!.secret)).toMatchObject({
    status: 7,
    stderr: expect.stringContaining('may have 1 open jobs'),
  });
  const { stdout } = await as(['me'], key!.secret);
  expect(stdout).toMatch(/^open jobs\t1 of 1$/m);
  expect(stdout).toMatch(/^units in open jobs\t4$/m);
  expect(stdout).toMatch(/^bytes of blobs\t\d+ of 2097152$/m);
  expect((await as(['keys', 'quota', key!.id, '--quota-jobs', 'none'], operator)).status).toBe(0);
  expect((await as(job, key!.secret)).status).toBe(0);
  expect(await as(['keys', 'quota', key!.id, '--quota-jobs', 'few'], operator)).toMatchObject({ status: 2 });
}, 180_000);

it('BA8: a batch is made of the lines of a file, shown, listed, held, released and cancelled', async () => {
  const line = (name: string, stop: number) =>
    JSON.stringify({ name, program: './double.ts', source: { kind: 'range', start: 0, stop } });
  const file = write('campaign.ndjson', `${line('one', 3)}\n\n${line('two', 4)}\n`);
  const made = await as(['batches', 'create', file]);
  expect(made).toMatchObject({ status: 0 });
  const id = made.stdout.trim();
  const shown = (await as(['batches', 'show', id])).stdout;
  expect(shown).toMatch(/^name\tcampaign.ndjson$/m);
  expect(shown).toMatch(/^jobs\t2: 2 running$/m);
  expect(shown).toMatch(/^units\t7: 7 pending$/m);
  const jobs = ndjson((await as(['jobs', 'list', '--batch', id, '--json'])).stdout) as { name: string }[];
  expect(jobs.map(({ name }) => name)).toEqual(['two', 'one']);
  expect((await as(['batches', 'hold', id, '--reason', 'night'])).stdout).toBe('2 jobs changed\n');
  expect((await as(['batches', 'release', id])).stdout).toBe('2 jobs changed\n');
  expect((await as(['batches', 'cancel', id])).stdout).toBe('2 jobs changed\n');
  expect((await as(['batches', 'cancel', id])).stdout).toBe('0 jobs changed\n');
  expect((await as(['batches', 'list'])).stdout).toContain(`${id}\tcampaign.ndjson\t2\t2`);
  const other = (await as(['keys', 'create', 'other', '--json'], operator)).stdout;
  const [{ secret }] = ndjson(other) as [{ secret: string }];
  expect(await as(['batches', 'show', id], secret)).toMatchObject({
    status: 4,
    stderr: expect.stringContaining('(batch-unknown)'),
  });
}, 180_000);

it('BA8: a line that is wrong is named by its number, and nothing is made', async () => {
  const good = JSON.stringify({ name: 'a', program: './double.ts', source: { kind: 'range', start: 0, stop: 3 } });
  for (const [bad, said] of [
    [
      '{"name": "b", "source": {"kind": "range", "start": 0, "stop": 3}}',
      'line 2: program: expected the path of a program',
    ],
    [JSON.stringify({ ...(JSON.parse(good) as object), weight: -1 }), 'line 2: weight'],
    ['nonsense', 'line 2'],
  ] as const) {
    const refused = await as(['batches', 'create', write('bad.ndjson', `${good}\n${bad}\n`)]);
    expect(refused).toMatchObject({ status: 6, stdout: '', stderr: expect.stringContaining(said) });
  }
  for (const [path, said] of [
    ['nofile.ndjson', 'there is no file nofile.ndjson'],
    ['.', '. is no file'],
  ] as const) {
    expect(await as(['batches', 'create', path])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(said),
    });
  }
  const lists = (await as(['batches', 'list', '--json'])).stdout;
  expect(ndjson(lists).filter((batch) => (batch as { name: string }).name === 'bad.ndjson')).toEqual([]);
}, 180_000);

it('BA8: the SDK makes a batch once, however often its request is sent', async () => {
  const { GOSSAMER_URL: url, GOSSAMER_KEY: apiKey } = env();
  const grid = new Gossamer({ url, apiKey });
  const { sha256 } = await grid.upload({ code: 'export const run = (x) => x;' });
  const spec = {
    name: 'by hand',
    jobs: [{ name: 'a', program: sha256, source: { kind: 'range' as const, start: 0, stop: 2 } }],
  };
  const [one, again] = [
    await grid.batches.create(spec, { idempotencyKey: 'k' }),
    await grid.batches.create(spec, { idempotencyKey: 'k' }),
  ];
  expect(again.batch.id).toBe(one.batch.id);
  expect(await one.jobs[0]!.view()).toMatchObject({ batch: one.batch.id, name: 'a' });
  await expect(grid.batches.create(spec, { idempotencyKey: 'k k' })).rejects.toMatchObject({ code: 'usage' });
});

it('AT5: attempts are listed, of a job or of one unit; without any there is only the head', async () => {
  const id = await create();
  expect((await as(['jobs', 'attempts', id])).stdout.trim().split('\t')).toEqual([
    'ATTEMPT',
    'UNIT',
    'OUTCOME',
    'AT',
    'RUN MS',
    'BYTES',
    'DEVICE',
    'ERROR',
  ]);
  expect((await as(['jobs', 'attempts', id, '--unit', '1', '--json'])).stdout).toBe('');
  expect(await as(['jobs', 'attempts', id, '--unit', '9'])).toMatchObject({ status: 4 });
  expect(await as(['jobs', 'attempts', id, '--outcome', 'lost'])).toMatchObject({ status: 2 });
});
