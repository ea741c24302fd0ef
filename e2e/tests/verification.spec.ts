import { range } from '@gossamer/sdk/node';
import { answer } from '../support/answers.ts';
import { lieAbout } from '../support/liar.ts';
import { CHECKED, SQUARE } from '../support/programs.ts';
import { expect, test } from '../support/test.ts';
import { gather, until } from '../support/wait.ts';

/** One third of a unit's number, and the same number but for its last bit. */
const THIRD = (unit: number): unknown => ({ third: (unit + 1) / 3 });
const NEARLY = (unit: number): unknown => ({ third: ((unit + 1) / 3) * (1 + Number.EPSILON) });

test('E20: an adaptive job completes in honest tabs, and tells how sure its results are', async ({
  coordinator,
  lend,
}) => {
  const policy = { kind: 'adaptive', maxErrorRate: 0.05 } as const;
  const job = await coordinator.grid.map(range(0, 40), SQUARE, { policy, params: { work: 0 } });
  const [first] = [await lend(), await lend()];
  const done = await job.done();
  expect(done).toMatchObject({ state: 'completed', policy, units: { validated: 40, provisional: 0, failed: 0 } });
  const { confirmed, single, ...estimate } = done.errorEstimate!;
  expect(confirmed + single).toBe(40);
  expect(estimate).toMatchObject({ maxErrorRate: 0.05, failedChecks: 0, caught: 0, revoked: 0 });
  expect(estimate.rate).toBeLessThan(0.05);
  const outputs = await gather(job.results({ ordered: true }));
  expect(outputs.map(({ output }) => (output as { square: number }).square)).toEqual(
    Array.from({ length: 40 }, (_, n) => n * n),
  );
  const device = (await coordinator.devices()).find(({ id }) => id === first!.device)!;
  expect(device).toMatchObject({ class: 'chromium', revoked: 0, trust: { standing: 'credible', caught: 0 } });
  expect(device.capabilities.cores).toBeGreaterThan(0);
  expect(device.capabilities.wasm).toEqual(expect.arrayContaining(['simd', 'threads', 'exceptions', 'tail-call']));
});

test("E21: the program's own check refuses what a device makes up, which is caught, and accepts an honest tab", async ({
  coordinator,
  lend,
  script,
}) => {
  const options = { policy: { kind: 'check' }, params: { strict: true } } as const;
  const job = await coordinator.grid.map(range(0, 6), CHECKED, options);
  const liar = await script();
  const lied = await lieAbout(liar, 2);
  await lend();
  expect(await job.done()).toMatchObject({ state: 'completed', units: { validated: 6, failed: 0 } });
  const squares = (await gather(job.results({ ordered: true }))).map(({ output }) => output);
  expect(squares).toEqual([0, 1, 4, 9, 16, 25].map((square) => ({ square, spun: true })));
  const account = (await coordinator.devices()).find(({ id }) => id === liar.id)!;
  expect(account).toMatchObject({ valid: 0, invalid: lied.length, credit: 0 });
  expect(account.trust.standing).toBe('caught');
  const facts = (await job.facts(lied[0]!)).map(({ kind, text }) => [kind, text]);
  expect(facts).toContainEqual(['judged', 'A result was judged by itself: result 1 is invalid.']);
});

test('E22: by a tolerance, results that differ in their last bits confirm each other', async ({
  coordinator,
  script,
}) => {
  const comparison = { kind: 'tolerance', relative: 1e-9 } as const;
  const job = await coordinator.grid.map(range(0, 4), SQUARE, { quorum: 2, comparison });
  await answer(await script('Firefox 140 on Linux'), 4, THIRD);
  await answer(await script('Chrome 156 on Linux'), 4, NEARLY);
  expect(await job.done()).toMatchObject({
    state: 'completed',
    units: { validated: 4 },
    attempts: { valid: 8, invalid: 0 },
    warnings: [],
  });
  const [result] = await gather(job.results({ ordered: true }));
  expect([THIRD(0), NEARLY(0)]).toContainEqual(result!.output);
});

test('E23: by bytes, two kinds of browser that differ in their last bits are told of, with what helps', async ({
  coordinator,
  script,
}) => {
  const job = await coordinator.grid.map(range(0, 6), SQUARE, { quorum: 2 });
  await answer(await script('Firefox 140 on Linux'), 6, NEARLY);
  await answer(await script('Chrome 156 on Linux'), 6, THIRD);
  expect((await job.view()).units.validated).toBe(0);
  await answer(await script('Chrome 156 on Windows'), 6, THIRD);
  const { warnings, units } = await job.done();
  expect(units.validated).toBe(6);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toMatch(/chromium and firefox.*tolerance.*sameClass/);
});

test('E24: a policy that contradicts itself, or asks a program for what it lacks, is refused with the reason', async ({
  coordinator,
}) => {
  const { sha256: program } = await coordinator.grid.upload(SQUARE);
  const submit = async (fields: object): Promise<unknown> => {
    const source = { kind: 'range', start: 0, stop: 3 };
    const body = JSON.stringify({ name: 'squares', program, source, ...fields });
    const headers = { 'content-type': 'application/json' };
    const response = await coordinator.request('/v1/jobs', { method: 'POST', headers, body });
    return { status: response.status, ...((await response.json()) as object) };
  };
  expect(await submit({ policy: { kind: 'quorum', quorum: 5 }, limits: { maxAttempts: 3 } })).toMatchObject({
    status: 422,
    code: 'policy-contradictory',
    detail: 'a quorum of 5 needs at least 5 attempts a unit',
    errors: [{ path: 'limits.maxAttempts' }],
  });
  expect(await submit({ policy: { kind: 'check' } })).toMatchObject({
    status: 422,
    code: 'program-exports',
    detail: expect.stringContaining('check(input, result') as unknown,
  });
  expect(await submit({ comparison: { kind: 'program' } })).toMatchObject({
    code: 'program-exports',
    detail: expect.stringContaining('equals(a, b)') as unknown,
  });
  expect(await coordinator.jobs()).toEqual([]);
  const page = await coordinator.request('/errors/policy-contradictory');
  expect(await page.text()).toContain('contradicts itself');
});

test('E25: a job that no connected device may take says what they lack', async ({ coordinator, lend }) => {
  const job = await coordinator.grid.map(range(0, 3), SQUARE, { requirements: { cores: 1024 } });
  const tab = await lend();
  const { waiting } = await until(
    'it says why',
    () => job.view(),
    (view) => view.waiting !== null && !view.waiting.startsWith('No volunteer'),
  );
  expect(waiting).toMatch(/1024 cores/);
  expect((await job.unit(1)).waiting).not.toBeNull();
  await tab.says('connection', 'no work right now');
  const [device] = await coordinator.devices();
  expect(device!.idle).toMatch(/“.+”: .*1024 cores/);
});
