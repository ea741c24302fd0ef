import type { BatchView } from '@gossamer/protocol';
import { range } from '@gossamer/sdk/node';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../support/command.ts';
import { expect, test } from '../support/test.ts';
import { until } from '../support/wait.ts';
import { contentsOf } from '../../scripts/lib/zip.mjs';

const NIGHTS = [30, 45, 60];
/** An even unit gives JSON, an odd one bytes. */
const PROGRAM = `export const run = (n: number) => (n % 2 === 0 ? { n, square: n * n } : Uint8Array.of(n, 255 - n));\n`;

test('E41: a batch of jobs is made held by a script, released, followed to its end over kill -9, archived and deleted', async ({
  coordinator,
  lend,
}, info) => {
  const folder = info.outputDir;
  await writeFile(info.outputPath('night.ts'), PROGRAM);
  const jobs = NIGHTS.map((stop, night) =>
    JSON.stringify({
      name: `night ${night}`,
      program: info.outputPath('night.ts'),
      source: { kind: 'range', start: 0, stop },
    }),
  );
  await writeFile(info.outputPath('nights.ndjson'), jobs.join('\n'));
  const made = await command(coordinator, 'batches', 'create', info.outputPath('nights.ndjson'), '--held', '--json');
  expect(made.status, made.stderr).toBe(0);
  const { batch, jobs: ids } = JSON.parse(made.stdout) as { batch: BatchView; jobs: string[] };
  await lend();
  await lend();
  // Two tabs are there, and nothing was given out.
  expect((await coordinator.grid.batches.get(batch.id)).jobs).toMatchObject({ held: 3, running: 0 });
  expect((await coordinator.jobs()).map(({ attempts }) => attempts.leased + attempts.returned)).toEqual([0, 0, 0]);

  const followed = command(coordinator, 'batches', 'watch', batch.id, '--json');
  expect((await command(coordinator, 'batches', 'release', batch.id)).stdout).toBe('3 jobs changed\n');
  await until('something is done', async () => (await coordinator.grid.batches.get(batch.id)).units.validated);
  await coordinator.end('SIGKILL');
  await coordinator.start();
  const { status, stdout } = await followed;
  expect(status).toBe(0);
  const states = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as BatchView);
  expect(states.at(-1)).toMatchObject({ id: batch.id, jobs: { completed: 3 }, units: { validated: 135, failed: 0 } });

  const zip = join(folder, 'nights.zip');
  const archived = await command(coordinator, 'batches', 'archive', batch.id, '--output', zip, '--json');
  const content = await readFile(zip);
  expect(JSON.parse(archived.stdout)).toEqual({ file: zip, bytes: content.length });
  const found = await contentsOf(content);
  for (const [night, stop] of NIGHTS.entries()) {
    const at = `jobs/${ids[night]}`;
    expect(JSON.parse(String(found.get(`${at}/job.json`)))).toMatchObject({
      name: `night ${night}`,
      state: 'completed',
    });
    const lines = String(found.get(`${at}/results.ndjson`))
      .trim()
      .split('\n');
    const results = lines.map((line) => JSON.parse(line) as { unit: number; output?: unknown; file?: string });
    expect(results.map(({ unit }) => unit).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: stop }, (_, n) => n),
    );
    for (const { unit, output, file } of results) {
      if (unit % 2 === 0) expect(output).toEqual({ n: unit, square: unit * unit });
      else expect(found.get(`${at}/${file}`)).toEqual(Buffer.of(unit, 255 - unit));
    }
  }

  coordinator.deletedValid = (await coordinator.jobs()).reduce((sum, { attempts }) => sum + attempts.valid, 0);
  for (const id of ids) expect((await command(coordinator, 'jobs', 'delete', id)).status).toBe(0);
  const shown = await command(coordinator, 'batches', 'show', batch.id, '--json');
  expect(JSON.parse(shown.stdout)).toMatchObject({ jobs: { total: 3, deleted: 3 }, units: { total: 0 } });
  const gone = await command(coordinator, 'jobs', 'show', ids[0]!);
  expect(gone.stderr).toContain('(job-deleted)');
  const empty = await command(coordinator, 'batches', 'archive', batch.id, '--output', zip);
  expect(empty.status).toBe(0);
  expect([...(await contentsOf(await readFile(zip))).keys()]).toEqual(['batch.json']);
});

test.describe('where nothing is kept for long', () => {
  test.use({
    settings: { GOSSAMER_BLOB_GRACE_HOURS: '0', GOSSAMER_QUOTA_OPEN_JOBS: '1', GOSSAMER_QUOTA_BLOB_MB: '1' },
  });

  test('E42: quotas refuse with words; retention deletes a job with its results, and its blobs go with it', async ({
    coordinator,
    lend,
  }, info) => {
    const catalog = randomBytes(700_000);
    const sha256 = createHash('sha256').update(catalog).digest('hex');
    const code = `export const run = async (n, ctx) => new Uint8Array(await ctx.data('catalog'))[n];`;
    // Some seconds after its end.
    const options = { quorum: 1, data: { catalog }, retention: 0.0001 };
    const job = await coordinator.grid.map(range(0, 20), { code }, options);

    const one = info.outputPath('one.ts');
    await writeFile(one, PROGRAM);
    const more = () => command(coordinator, 'jobs', 'create', one, '--range', '0..3', '--detach');
    const second = await more();
    expect(second.status).toBe(7);
    expect(second.stderr).toContain(
      'this key may have 1 open jobs and has 1; this request needs 1 more: wait until some have ended, or cancel them, or ask ' +
        'the operator for more (quota-exceeded)',
    );
    await writeFile(info.outputPath('large.bin'), randomBytes(700_000));
    const large = await command(coordinator, 'blobs', 'put', info.outputPath('large.bin'));
    expect(large.status).toBe(7);
    expect(large.stderr).toMatch(
      /may have 1048576 bytes of blobs and has 7\d+; this upload needs \d+ more: delete jobs/,
    );
    const me = await command(coordinator, 'me');
    expect(me.stdout).toMatch(/^open jobs\t1 of 1$/m);

    await lend();
    expect((await job.done()).units).toMatchObject({ validated: 20, failed: 0 });
    coordinator.deletedValid = 20;
    expect((await coordinator.request(`/v1/blobs/${sha256}`, { method: 'HEAD' })).status).toBe(200);
    await until(
      'the job is deleted',
      async () => (await coordinator.request(`/v1/jobs/${job.id}`)).status,
      (status) => status === 410,
      180_000,
    );
    const gone = await command(coordinator, 'jobs', 'results', job.id);
    expect(gone).toMatchObject({ status: 4, stderr: expect.stringContaining('(job-deleted)') });
    // What nobody names is looked for at a start, too.
    await coordinator.end('SIGTERM');
    await coordinator.start();
    await until(
      'its data is collected',
      async () => (await coordinator.request(`/v1/blobs/${sha256}`, { method: 'HEAD' })).status,
      (status) => status === 404,
    );
    const again = await command(coordinator, 'blobs', 'put', info.outputPath('large.bin'));
    expect(again.status, again.stderr).toBe(0);
    const other = await more();
    expect(other.status, other.stderr).toBe(0);
  });
});
