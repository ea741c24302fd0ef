import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './suite/browsers/chromium.ts';
import { frameCases, programCases } from './suite/cases/index.ts';
import type { Attacker } from './suite/harness/attacker.ts';
import { startAttacker } from './suite/harness/attacker.ts';
import type { Mutation } from './suite/harness/mutation.ts';
import { startGrid } from './suite/harness/grid.ts';
import { frameScripts, judgeFrame, judgeProgram } from './suite/harness/judge.ts';
import type { SuiteBrowser } from './suite/harness/page.ts';
import { tabOf } from './suite/harness/tab.ts';

// The gate: where walls are taken away, the suite must notice, or it proves nothing.
const PROGRAMS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'importScripts',
  'navigator',
  'Intl',
  'imports over http',
  'imports a data URL',
  'uses Function',
];
const FRAMES = [
  'navigates itself',
  'fetches',
  'loads an image',
  'looks a name up ahead',
  'connects ahead',
  'asks a STUN server',
];

let attacker: Attacker;
let browser: SuiteBrowser;
beforeAll(async () => {
  browser = await openChromium();
  attacker = await startAttacker(browser.lookups);
});
afterAll(async () => {
  await browser?.close();
  await attacker?.close();
});

/** How long a hostile frame that should be noticed is left once more when it was not, ms: a busy machine loads it late. */
const PATIENCE_MS = 10_000;

/**
 * The cases that notice, by name, and how many of them saw the attacker reached. Frames that are `awaited` to be noticed
 * are given time for it.
 */
const noticed = async (
  mutation: Mutation,
  awaited: readonly string[] = [],
): Promise<{ names: string[]; reached: number }> => {
  const grid = await startGrid(frameScripts(frameCases, attacker), mutation);
  const tab = await tabOf(await browser.openPage(grid.page));
  const names: string[] = [];
  let reached = 0;
  const count = (name: string, wrong: string[]): void => {
    if (wrong.length > 0) names.push(name);
    if (wrong.some((line) => line.startsWith('the attacker got'))) reached += 1;
  };
  try {
    for (const one of programCases.filter(({ name }) => PROGRAMS.includes(name))) {
      count(one.name, await judgeProgram(tab, grid, attacker, one));
    }
    for (const [number, { name }] of frameCases.entries()) {
      if (!FRAMES.includes(name)) continue;
      const wrong = await judgeFrame(tab, grid, attacker, number);
      const isLate = wrong.length === 0 && awaited.includes(name);
      count(name, isLate ? await judgeFrame(tab, grid, attacker, number, PATIENCE_MS) : wrong);
    }
  } finally {
    await tab.close();
    await grid.close();
  }
  return { names, reached };
};

test("CG27: with all walls up, none of the gate's cases complains", async () => {
  expect(await noticed({})).toEqual({ names: [], reached: 0 });
});

test('CG28: without the scrub, programs are noticed that find what should be gone', async () => {
  expect((await noticed({ scrub: true })).names).toEqual(expect.arrayContaining(['fetch', 'navigator', 'Intl']));
});

test('CG29: without the CSP, the suite notices', async () => {
  expect((await noticed({ csp: true })).names.length).toBeGreaterThan(0);
});

test('CG30: without the Connection-Allowlist, the suite notices frames that navigate, connect ahead and look names up', async () => {
  const open = ['navigates itself', 'looks a name up ahead', 'connects ahead'];
  const { names, reached } = await noticed({ allowlist: true }, open);
  expect(names).toEqual(expect.arrayContaining(open));
  expect(reached).toBeGreaterThanOrEqual(open.length);
});

test('CG31: without scrub, CSP and Connection-Allowlist, attackers are reached and the suite notices', async () => {
  const { names, reached } = await noticed({ scrub: true, csp: true, allowlist: true }, [
    'fetches',
    'navigates itself',
  ]);
  expect(names).toEqual(
    expect.arrayContaining(['fetch', 'WebSocket', 'imports over http', 'fetches', 'navigates itself']),
  );
  expect(reached).toBeGreaterThan(4);
});
