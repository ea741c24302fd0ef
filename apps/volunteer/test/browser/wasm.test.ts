import { LOOPS, TRAPS, wasmModule } from '@gossamer/program/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { inspect } from './harness/axe.ts';
import type { Grid } from './harness/grid.ts';
import { startGrid } from './harness/grid.ts';
import { SQUARE } from './harness/programs.ts';
import { completed, sharedBrowser } from './harness/shared.ts';
import type { Visitor } from './harness/tab.ts';
import { until, visit } from './harness/tab.ts';

/* A real coordinator, real Chromium, the built page: wasm modules in a tab. */

const browser = sharedBrowser();
let grid: Grid;
let visitor: Visitor;
let data: string;

const lend = async (): Promise<void> => {
  visitor = await visit(browser());
  await visitor.page.goto(`${grid.url}/?slots=1`);
  await visitor.page.getByTestId('start').click();
};

/** How its one unit failed. */
const failure = async (id: string): Promise<string> => {
  await until(
    () => grid.job(id),
    ({ units }) => units.failed === 1,
  );
  return (await grid.unit(id, 0)).reason ?? '';
};

const ONE_UNIT = { source: { kind: 'range' as const, start: 0, stop: 1 }, limits: { maxErrors: 1 } };

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'gossamer-volunteer-'));
  grid = await startGrid({ data });
});
afterEach(async () => {
  await visitor.context.close();
  await grid.stop();
  await rm(data, { recursive: true });
  expect(visitor.faults).toEqual([]);
});

test('WA29: what rules modules is fetched with the first one, the slot says what it runs, and goes on after a trap', async () => {
  await lend();
  const row = visitor.page.locator('.slot-list li').first();
  const slow = { source: { kind: 'range' as const, start: 0, stop: 2 }, params: { steps: 1_000_000, ms: 50 } };
  const js = await grid.submit(SQUARE, slow);
  await until(
    () => row.innerText(),
    (text) => /unit \d, in JavaScript/.test(text),
  );
  expect(visitor.requests.filter((path) => path.includes('/assets/wasm-'))).toEqual([]);
  await grid.cancel(js.id);

  const endless = await grid.submit(wasmModule({ body: LOOPS }), { ...ONE_UNIT, name: 'Spectra' });
  await until(
    () => row.innerText(),
    (text) => /Spectra\s+unit 0, in WebAssembly/.test(text),
  );
  expect(visitor.requests.filter((path) => path.includes('/assets/wasm-'))).toHaveLength(1);
  const program = visitor.page.getByTestId('program');
  await program.locator('summary').click();
  await until(
    () => program.innerText(),
    (text) => /WebAssembly[\s\S]*grid\.memory[\s\S]*run/.test(text),
  );
  await inspect(visitor.page, 'computing-wasm');
  await grid.cancel(endless.id);

  const trapping = await grid.submit(wasmModule({ body: TRAPS }), ONE_UNIT);
  expect(await failure(trapping.id)).toContain('Trap: unreachable (');
  const mistaken = await grid.submit(wasmModule(), ONE_UNIT);
  expect(await failure(mistaken.id)).toContain('GridError: run: it returned, and gave no result');
});

test('WA29: a module that the limit of now forbids is refused in the tab, unit by unit, and other work goes on', async () => {
  const large = await grid.submit(wasmModule({ maximumPages: 100 }), ONE_UNIT);
  const { port } = grid.coordinator;
  await grid.stop();
  grid = await startGrid({ data, port, env: { GOSSAMER_WASM_MEMORY_MB: '1' } });
  await lend();
  expect(await failure(large.id)).toContain(
    'Refused: byte 30: the memory may grow to 100 pages of 64 KiB; 16 are allowed here',
  );
  const good = await grid.submit(SQUARE, {});
  await completed(grid, good.id);
});
