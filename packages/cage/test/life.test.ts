import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from './suite/browser/wire.ts';
import type { ChromiumTab } from './suite/harness/browser.ts';
import { launch, openTab } from './suite/harness/browser.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
import { HONEST } from './suite/harness/judge.ts';

let grid: Grid;
let browser: Browser;
let tab: ChromiumTab;
beforeAll(async () => {
  grid = await startGrid({});
  browser = await launch();
  tab = await openTab(browser, grid.page);
});
afterAll(async () => {
  await browser?.close();
  await grid?.close();
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const LOOP = 'export const run = () => { for (;;); };';

test('CG13: a lease in a loop is ended by its deadline while another in the same frame goes on', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const loop = await tab.call<number>('engine.start', frame, { program: LOOP, inputs: 1, deadlineMs: 2500 });
  const beside = await tab.run(frame, { program: HONEST, inputs: 50 });
  expect([beside.end, beside.results]).toEqual([{ kind: 'done' }, 50]);
  expect(await tab.call('engine.running', frame)).toBe(1);
  const report = await tab.call<Report>('engine.wait', loop);
  expect(report.end).toEqual({ kind: 'overran', position: 0 });
  expect(report.runMs).toBeGreaterThan(2500);
  expect((await tab.run(frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
});

test('CG14: the unit that overran is named, also where outcomes travel together', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = 'export const run = (x) => { if (x === 40) for (;;); return x; };';
  const report = await tab.run(frame, { program, inputs: 64, deadlineMs: 1500 });
  expect(report.end).toEqual({ kind: 'overran', position: 40 });
  expect(report.results).toBe(40);
  expect(report.disorder).toEqual([]);
  expect(report.outcomes.slice(0, 40).map((outcome) => outcome?.kind === 'json' && outcome.value)).toEqual(
    Array.from({ length: 40 }, (_, n) => n),
  );
});

test('CG15: a stopped lease ends at once, and its frame serves the next', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const loop = await tab.call<number>('engine.start', frame, { program: LOOP, inputs: 1, deadlineMs: 600_000 });
  await pause(500);
  expect(await tab.call<number>('engine.runMs', loop)).toBeGreaterThan(300);
  await tab.call('engine.stop', loop);
  expect((await tab.call<Report>('engine.wait', loop)).end).toEqual({ kind: 'stopped' });
  expect(await tab.call('engine.running', frame)).toBe(0);
  expect((await tab.run(frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'done' });
});

test('CG16: nothing that one lease leaves behind is seen by the next', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = () => {
    const seen = globalThis.left ?? [].left ?? null;
    globalThis.left = 'state'; Array.prototype.left = 'state'; JSON.stringify = () => 'forged';
    return seen;
  };`;
  for (let lease = 0; lease < 2; lease++) {
    const report = await tab.run(frame, { program, inputs: 1 });
    expect(report.outcomes[0]).toMatchObject({ kind: 'json', value: null });
  }
});

test('CG17: a unit draws the same random numbers in every replica, wherever it stands in its lease', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = async () => {
    await new Promise((done) => setTimeout(done, 5 + Math.random()));
    return [Math.random(), Math.random(), ...crypto.getRandomValues(new Uint8Array(5)), crypto.randomUUID()];
  };`;
  const values = async (inputs: number, seed: number): Promise<string[]> => {
    const { outcomes } = await tab.run(frame, { program, inputs, seed });
    return outcomes.map((outcome) => JSON.stringify(outcome?.kind === 'json' && outcome.value));
  };
  const first = await values(10, 100);
  expect(await values(10, 100)).toEqual(first);
  expect(await values(1, 107)).toEqual([first[7]]);
  expect(new Set(first).size).toBe(10);
  const draws = JSON.parse(first[0]!) as number[];
  expect(draws.slice(0, 2).every((n) => n >= 0 && n < 1)).toBe(true);
});

test('CG18: progress, log and picture name the unit that runs and are limited', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = async (x, ctx) => {
    for (let i = 0; i < 1000; i++) { ctx.log('line ' + i); ctx.progress(i / 1000); }
    ctx.picture({ width: 2, height: 1, rgba: new Uint8Array(8).fill(9) });
    const wrong = [() => ctx.picture({ width: 513, height: 1, rgba: new Uint8Array(4) }), () => ctx.picture({ width: 1, height: 1, rgba: [1] }), () => ctx.progress('x')];
    return wrong.map((f) => { try { f(); return 'took'; } catch (e) { return e.name; } });
  };`;
  const quiet = `export const run = (x, ctx) => { ctx.log('at ' + x); ctx.progress(2); ctx.picture({ width: 2, height: 1, rgba: new Uint8Array(8).fill(9) }); return x; };`;
  const report = await tab.run(frame, { program, inputs: 2 });
  expect(report.end).toEqual({ kind: 'done' });
  expect(report.logs.filter(([position]) => position === 0).length).toBe(64);
  expect(report.logs.filter(([position]) => position === 0)[1]).toEqual([0, 'line 1']);
  expect(report.progress.length).toBeLessThan(40);
  expect(report.outcomes[0]).toMatchObject({ value: ['TypeError', 'TypeError', 'TypeError'] });
  const second = await tab.run(frame, { program: quiet, inputs: 2 });
  expect(second.logs).toEqual([
    [0, 'at 0'],
    [1, 'at 1'],
  ]);
  expect(second.progress).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(second.pictures).toEqual([
    [0, 2, 9],
    [1, 2, 9],
  ]);
});

test('CG18: a picture is shown however much progress and however many lines came before it', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = (x, ctx) => {
    for (let i = 0; i < 1000; i++) { ctx.progress(i / 1000); ctx.log('line ' + i); }
    ctx.picture({ width: 2, height: 1, rgba: new Uint8Array(8).fill(9) });
    return x;
  };`;
  const report = await tab.run(frame, { program, inputs: 1 });
  expect(report.end).toEqual({ kind: 'done' });
  expect(report.pictures).toEqual([[0, 2, 9]]);
});

test('CG57: a rejection that nobody handles is said in the log of its unit', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = async () => {
    Promise.reject(new Error('lost'));
    for (let i = 0; i < 50; i++) await new Promise((done) => setTimeout(done, 5));
    return 1;
  };`;
  const report = await tab.run(frame, { program, inputs: 1 });
  expect(report.outcomes[0]).toMatchObject({ kind: 'json', value: 1 });
  expect(report.logs).toEqual([[0, 'unhandled rejection: Error: lost']]);
});

test('CG19: the progress of a long unit arrives while it runs', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = `export const run = (x, ctx) => { ctx.progress(0.25); ctx.log('begun'); for (;;); };`;
  const report = await tab.run(frame, { program, inputs: 1, deadlineMs: 1500 });
  expect([report.progress, report.logs]).toEqual([[[0, 0.25]], [[0, 'begun']]]);
  expect(report.end).toEqual({ kind: 'overran', position: 0 });
});

test('CG20: 4,096 tiny units pass in one lease, in order and complete', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const report = await tab.run(frame, { program: 'export const run = (x) => x;', inputs: 4096 });
  expect([report.end, report.results, report.disorder]).toEqual([{ kind: 'done' }, 4096, []]);
  expect(report.outcomes.every((outcome, n) => outcome?.kind === 'json' && outcome.value === n)).toBe(true);
});

test('CG21: a large result passes whole', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const program = 'export const run = () => new Uint8Array(16 * 1024 * 1024).fill(3);';
  const report = await tab.run(frame, { program, inputs: 2, resultBytes: 16 * 1024 * 1024 });
  expect(report.end).toEqual({ kind: 'done' });
  expect(report.outcomes[1]).toMatchObject({ kind: 'bytes', size: 16 * 1024 * 1024 });
});

test('CG22: time in which the engine stood still does not count', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const run = await tab.call<number>('engine.start', frame, { program: LOOP, inputs: 1, deadlineMs: 3500 });
  await pause(300);
  const before = await tab.call<number>('engine.runMs', run);
  await tab.call('engine.busy', 4500);
  const after = await tab.call<number>('engine.runMs', run);
  expect(after - before).toBeLessThan(2500);
  expect((await tab.call<Report>('engine.wait', run)).end.kind).toBe('overran');
});

test('CG23: a closed frame ends its leases as stopped, and takes no more', async () => {
  const { frame } = await tab.open(grid.cage(1));
  const run = await tab.call<number>('engine.start', frame, { program: LOOP, inputs: 1, deadlineMs: 600_000 });
  await tab.call('engine.close', frame);
  expect((await tab.call<Report>('engine.wait', run)).end).toEqual({ kind: 'stopped' });
  expect((await tab.run(frame, { program: HONEST, inputs: 1 })).end).toEqual({ kind: 'stopped' });
});

test('CG56: a frame is displayed, but nowhere to be seen or focused', async () => {
  await tab.open(grid.cage(1));
  const { result } = await tab.cdp.send('Runtime.evaluate', {
    expression: `(() => {
      const frame = [...document.querySelectorAll('iframe')].at(-1);
      const { right, width } = frame.getBoundingClientRect();
      return [getComputedStyle(frame).display !== 'none', right < 0, width, frame.tabIndex, frame.getAttribute('sandbox'), frame.getAttribute('allow')];
    })()`,
    returnByValue: true,
  });
  expect(result.value).toEqual([true, true, 1, -1, 'allow-scripts', '']);
});

test('CG24: a cage that does not answer is refused and leaves nothing in the page', async () => {
  const seen = await tab.call<{ outcome: string; left: number }>('expose', `${grid.page}nothing-there`, 1500);
  expect(seen.outcome).toMatch(/did not answer/);
  expect(seen.left).toBe(0);
});
