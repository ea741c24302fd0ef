import type { JobSpecInput, JobView } from '@gossamer/protocol';
import { utf8 } from '@gossamer/protocol';
import { expect, test } from 'vitest';
import type { Held } from '../harness/device.ts';
import { report } from '../harness/device.ts';
import type { TestGrid } from '../harness/grid.ts';
import { eventually, startGrid } from '../harness/grid.ts';
import { lend } from '../harness/lend.ts';

const submit = async (grid: TestGrid, code: string, spec: Partial<JobSpecInput>, units = 3): Promise<JobView> =>
  grid.rest.submit(units, { program: await grid.rest.upload(code), ...spec });

/** A new device answers so to each unit that it is given, until all are final or it has answered `count`. */
const answers = async (grid: TestGrid, id: string, output: (unit: number) => unknown, count = 3): Promise<string> => {
  const device = await grid.device();
  let answered = 0;
  const reportOf = (lease: Held) => {
    answered += lease.units.length;
    return report(lease, output);
  };
  const done = async () => answered >= count || (await grid.rest.job(id)).state !== 'running';
  await lend(device, done, reportOf, 1);
  return device.welcome!.device;
};

const complete = async (grid: TestGrid, id: string): Promise<JobView> =>
  eventually(async () => {
    const view = await grid.rest.job(id);
    expect(view.state).toBe('completed');
    return view;
  });

test("JG10: the program's check is shown input, result and parameters, and decides", async () => {
  const grid = await startGrid();
  const code = `
    export function run(input, ctx) { return input * ctx.params.by; }
    export function check(input, result, { params }) { return result === input * params.by; }`;
  const { id } = await submit(grid, code, { policy: { kind: 'check' }, params: { by: 5 } });
  const liar = await answers(grid, id, () => 1);
  await eventually(async () => expect((await grid.rest.job(id)).attempts.invalid).toBe(3));
  expect((await grid.rest.job(id)).units.validated).toBe(0);
  await answers(grid, id, (unit) => unit * 5);
  expect(await complete(grid, id)).toMatchObject({ attempts: { valid: 3, invalid: 3 } });
  expect((await grid.rest.allResults(id)).map(({ output }) => Number(output)).toSorted((a, b) => a - b)).toEqual([
    0, 5, 10,
  ]);
  const facts = (await grid.rest.unitFacts(id, 0)).map(({ kind }) => kind);
  expect(facts).toEqual(['returned', 'judged', 'returned', 'judged']);
  const devices = await grid.rest.json<{ items: { id: string; invalid: number }[] }>('GET', '/v1/devices');
  expect(devices.items.find((device) => device.id === liar)).toMatchObject({ invalid: 3 });
});

test('JG11: the check sees an input that travels as a blob, too', async () => {
  const grid = await startGrid();
  const code = `
    export function run(input) { return input.byteLength; }
    export function check(input, result) { return new Uint8Array(input)[0] === 7 && result === input.byteLength; }`;
  const blob = await grid.rest.upload(new Uint8Array(200_000).fill(7));
  const source = { kind: 'records', blob, bytes: 100_000 } as const;
  const { id } = await submit(grid, code, { policy: { kind: 'check' }, source });
  await answers(grid, id, () => 100_000, 2);
  expect(await complete(grid, id)).toMatchObject({ units: { validated: 2 }, attempts: { invalid: 0 } });
});

test("JG12: the program's equals decides whether two results are the same", async () => {
  const grid = await startGrid();
  const code = `
    export function run(input) { return { input }; }
    export function equals(a, b) { return a.input === b.input; }`;
  const policy = { kind: 'quorum', quorum: 2 } as const;
  const { id } = await submit(grid, code, { policy, comparison: { kind: 'program' } });
  await answers(grid, id, (input) => ({ input, by: 'one' }));
  await answers(grid, id, (input) => ({ input: input === 1 ? -1 : input, by: 'two' }));
  await answers(grid, id, (input) => ({ input, by: 'three' }));
  expect(await complete(grid, id)).toMatchObject({ units: { validated: 3 }, attempts: { invalid: 1 } });
});

test('JG13: a program that cannot tell fails its unit with its own words', async () => {
  const grid = await startGrid();
  const code = `
    export const run = (input) => input;
    export const check = () => { throw new RangeError('the table is empty'); };`;
  const { id } = await submit(grid, code, { policy: { kind: 'check' } }, 1);
  await answers(grid, id, () => 1, 1);
  expect(await complete(grid, id)).toMatchObject({ units: { failed: 1 } });
  const { reason } = await grid.rest.unit(id, 0);
  expect(reason).toMatch(/^The program's check could not tell: .*the table is empty/);
});

test('JG14: what was asked before a crash is asked again after it', async () => {
  const before = await startGrid();
  const code = `
    export const run = (input) => input;
    export const check = () => { for (let i = 0; i < 1e6; i++); return true; };`;
  const { id } = await submit(before, code, { policy: { kind: 'check' } }, 4);
  await answers(before, id, () => utf8('1'), 4);
  const grid = await before.restart();
  expect(await complete(grid, id)).toMatchObject({ units: { validated: 4, failed: 0 } });
});

test('JG15: an adaptive job takes the word of devices that have proved themselves, and nothing is final too early', async () => {
  const grid = await startGrid();
  const policy = { kind: 'adaptive', maxErrorRate: 0.2 } as const;
  const { id } = await grid.rest.submit(3000, { policy });
  const seen: JobView[] = [];
  const over = async () => {
    const first = async () => (await grid.rest.results(id, 1)).items.length;
    // Others go on between two questions: what is final stays so, and nothing is given out before it is.
    const before = await first();
    const view = await grid.rest.job(id);
    seen.push(view);
    if (before > 0) expect(view.units.validated).toBeGreaterThan(0);
    if (view.units.validated > 0) expect(await first()).toBe(1);
    return view.state !== 'running';
  };
  const devices = await Promise.all([grid.device(), grid.device(), grid.device()]);
  await Promise.all(devices.map((device) => lend(device, over, undefined, 1)));
  const done = await complete(grid, id);
  expect(done.units).toMatchObject({ validated: 3000, provisional: 0 });
  expect(done.errorEstimate).toMatchObject({ maxErrorRate: 0.2, failedChecks: 0, caught: 0 });
  expect(done.errorEstimate!.single).toBeGreaterThan(0);
  expect(done.attempts.valid).toBeLessThan(2 * 3000);
  expect(Math.max(...seen.map(({ units }) => units.provisional))).toBeGreaterThan(0);
  expect(seen.some(({ estimate }) => estimate !== null && estimate.unitMs > 0)).toBe(true);
  expect(await grid.rest.allResults(id, 1000)).toHaveLength(3000);
}, 120_000);
