import { OUTCOME } from '@gossamer/protocol';
import { GossamerError, JobFailedError, range } from '@gossamer/sdk/node';
import { command } from '../support/command.ts';
import { startAttacker } from '../support/attacker.ts';
import { ESCAPES, FILLS, LOOPS, SQUARE, THROWS } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

test('E5: a program that throws fails its units with its message, and the others are computed', async ({
  coordinator,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, 6), THROWS, { quorum: 1, limits: { maxErrors: 2 } });
  const tab = await lend();
  expect(await job.done()).toMatchObject({ state: 'completed', units: { validated: 3, failed: 3 } });

  const entries = await gather(job.results({ ordered: true, failures: 'yield' }));
  for (const entry of entries) {
    if (entry.unit % 2 === 0) expect(entry).toMatchObject({ output: entry.unit });
    else
      expect(entry).toMatchObject({
        error: expect.stringContaining(`no tone above the noise at channel ${entry.unit}`),
      });
  }
  const thrown: unknown = await gather(job.results()).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(JobFailedError);
  expect((thrown as JobFailedError).count).toBe(3);
  const unit = await job.unit(1);
  expect(unit).toMatchObject({ state: 'failed', errors: 2 });
  expect(unit.reason).toContain('RangeError: no tone above the noise at channel 1');
  expect((await coordinator.devices())[0]).toMatchObject({ valid: 3, invalid: 0, errored: 6, credit: 3 });
  await expect(tab.page.getByText('6 units ended with an error of the program')).toBeVisible();
});

test('E34: how an attempt failed is told to its submitter: message, place in the source, and what the program logged', async ({
  coordinator,
  lend,
}) => {
  const code = `interface Sky { channel: number }
export function run(channel: number, ctx: any) {
  ctx.log('looking at channel ' + channel);
  console.warn('it is', { noisy: true });
  const sky: Sky = { channel };
  throw new RangeError('no tone at channel ' + sky.channel);
}`;
  const job = await coordinator.grid.map([7], { code }, { quorum: 1, limits: { maxErrors: 1 } });
  await lend();
  await job.done();
  const { status, stdout } = await command(coordinator, 'jobs', 'failures', job.id);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^unit 0, .*: Attempt .* failed after \d+ ms: RangeError: no tone at channel 7$/m);
  expect(stdout).toMatch(/^ {4}at run \(program\.ts:6:9\)$/m);
  expect(stdout).toContain('  logged before:\n    looking at channel 7\n    it is');
  const told = await command(coordinator, 'jobs', 'failures', job.id, '0', '--json');
  expect(JSON.parse(told.stdout)).toMatchObject({
    unit: 0,
    failure: {
      phase: 'run',
      message: 'RangeError: no tone at channel 7',
      log: ['looking at channel 7', expect.any(String)],
    },
  });
});

test('E6: a program that loops for ever is ended by its deadline, and the slot goes on', async ({
  coordinator,
  lend,
}) => {
  const limits = { deadlineMs: 1000, maxErrors: 2 };
  const endless = await coordinator.grid.map(range(0, 1), LOOPS, { name: 'Endless', quorum: 1, limits });
  const tab = await lend();
  expect(await endless.done()).toMatchObject({ state: 'completed', units: { failed: 1 } });
  expect((await endless.unit(0)).reason).toContain('deadline of 1000 ms');
  await expect(tab.page.getByText('2 units ran too long and were ended')).toBeVisible();
  const good = await coordinator.grid.map(range(0, 4), SQUARE, { quorum: 1, params: { work: 1 } });
  expect((await good.done()).units.validated).toBe(4);
  await tab.slot('free');
  await tab.shows('units-valid', 4);
});

test('E12: a program that tries to reach a server of its master reaches nothing, and computes nevertheless', async ({
  coordinator,
  browser,
  lend,
}) => {
  const attacker = await startAttacker();
  try {
    // The server counts, and this browser can reach it, where nothing holds a page back.
    const control = await browser.newPage();
    await control.goto(`${attacker.http}/control`);
    expect(attacker.hits).toContain('GET /control');
    await control.close();
    const { http, ws, hits } = attacker;
    hits.length = 0;

    // As its master would: the bundler would name each of these names.
    const escapes = await coordinator.grid.blobs.put(new TextEncoder().encode(ESCAPES.code));
    const job = await coordinator.grid.map(range(3, 5), escapes, { quorum: 1, params: { http, ws } });
    await lend();
    expect((await job.done()).units).toMatchObject({ validated: 2, failed: 0 });
    expect((await gather(job.results({ ordered: true }))).map(({ output }) => output)).toEqual([
      { reached: [], answer: 9 },
      { reached: [], answer: 16 },
    ]);
    expect(hits).toEqual([]);
  } finally {
    await attacker.close();
  }
});

test('E17: a result over the limit is a clear error of its unit; one of just the limit is none', async ({
  coordinator,
  lend,
}) => {
  const inputs = [
    { kind: 'bytes', size: 1000 },
    { kind: 'bytes', size: 1001 },
    { kind: 'json', size: 1000 },
    { kind: 'json', size: 1001 },
    { kind: 'bytes', size: 8 << 20 },
  ];
  const limits = { resultBytes: 1000, maxErrors: 1 };
  const job = await coordinator.grid.map(inputs, FILLS, { quorum: 1, limits });
  await lend();
  expect((await job.done()).units).toMatchObject({ validated: 2, failed: 3 });
  for (const [index, { size }] of inputs.entries()) {
    const { state, reason } = await job.unit(index);
    expect(state).toBe(size > 1000 ? 'failed' : 'validated');
    if (size > 1000) expect(reason).toMatch(/1000/);
  }
});

test('E17: a device without a cage cannot return a result over the limit either', async ({ coordinator, script }) => {
  const limits = { resultBytes: 1000, maxErrors: 1 };
  const job = await coordinator.grid.map(range(0, 2), SQUARE, { quorum: 1, params: { work: 1 }, limits });
  const device = await script();
  for (const size of [1001, 1000]) {
    const { bytes, ticket } = await device.lease();
    const { epoch, number } = ticket;
    const attempts = [{ offset: 0, outcome: OUTCOME.bytes, runMs: 5, body: new Uint8Array(size) }];
    await device.exchange({ reports: [{ lease: { epoch, number }, ticket: bytes, attempts }] });
  }
  expect((await job.done()).units).toMatchObject({ validated: 1, failed: 1 });
  expect(await job.unit(0)).toMatchObject({ state: 'failed', reason: expect.stringContaining('1001 bytes') });
});

test('E7: what is held gives out nothing new, and what runs may finish; released it goes on', async ({
  coordinator,
  lend,
}) => {
  const job = await coordinator.grid.map(range(0, 6), SQUARE, {
    name: 'Held',
    quorum: 1,
    params: { work: 400 },
    priority: 5,
  });
  const tab = await lend();
  await tab.slot({ runs: 'Held' });
  const held = await job.hold('lunch');
  expect(held).toMatchObject({ state: 'held', reason: 'lunch' });
  expect(held.waiting).toContain('lunch');
  const rest = await until(
    'what runs ends',
    () => job.view(),
    ({ attempts }) => attempts.leased === 0,
  );
  expect(rest.units.validated).toBe(rest.attempts.valid);
  expect(rest.units.validated).toBeGreaterThan(0);
  expect(rest.attempts).toMatchObject({ abandoned: 0, expired: 0 });
  // Though it is of a higher priority, another job is served from end to end.
  const other = await coordinator.grid.map(range(0, 3), SQUARE, { quorum: 1, params: { work: 1 } });
  await other.done();
  expect(await job.view()).toMatchObject({ state: 'held', units: { validated: rest.units.validated, active: 0 } });

  expect(await job.release()).toMatchObject({ state: 'running', reason: null });
  expect((await job.done()).units).toMatchObject({ validated: 6, failed: 0 });
});

test('E7: a cancelled job ends its workers at once and tells its reason; the slot goes on with another one', async ({
  coordinator,
  lend,
}) => {
  const limits = { deadlineMs: 600_000 };
  const job = await coordinator.grid.map(range(0, 3), LOOPS, { name: 'Vain', quorum: 1, limits });
  const tab = await lend();
  await tab.slot({ runs: 'Vain' });
  expect(await job.cancel('not needed')).toMatchObject({ state: 'cancelled', reason: 'not needed' });
  await tab.slot('free');
  expect((await job.view()).units).toMatchObject({ validated: 0, active: 0, pending: 0, cancelled: 3 });
  await expect(gather(job.results())).rejects.toMatchObject({ code: 'job-cancelled' });
  await expect(job.release()).rejects.toThrow(GossamerError);
  const good = await coordinator.grid.map(range(0, 2), SQUARE, { quorum: 1, params: { work: 1 } });
  expect((await good.done()).units.validated).toBe(2);
  expect((await coordinator.devices())[0]).toMatchObject({ valid: 2, errored: 0 });
});
