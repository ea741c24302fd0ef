import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser } from './suite/browsers/open.ts';
import { frameCases, moduleCases, scriptCases } from './suite/cases/index.ts';
import type { Attacker } from './suite/harness/attacker.ts';
import { startAttacker } from './suite/harness/attacker.ts';
import { requireReachable } from './suite/harness/control.ts';
import type { Grid } from './suite/harness/grid.ts';
import { startGrid } from './suite/harness/grid.ts';
import { frameScripts, judgeFrame, judgeProgram } from './suite/harness/judge.ts';
import type { SuiteBrowser } from './suite/harness/page.ts';
import type { Tab } from './suite/harness/tab.ts';
import { tabOf } from './suite/harness/tab.ts';

let attacker: Attacker;
let grid: Grid;
let browser: SuiteBrowser;
let tab: Tab;

beforeAll(async () => {
  browser = await openBrowser('chromium');
  await requireReachable(browser);
  attacker = await startAttacker(browser.lookups);
  grid = await startGrid(frameScripts(frameCases, attacker));
  tab = await tabOf(await browser.openPage(grid.page));
});
afterAll(async () => {
  await browser?.close();
  await grid?.close();
  await attacker?.close();
});

/** `npm run test:cage` runs each wasm module; here every fourth is, as the walls around them are the same ones. */
const programCases = [...scriptCases, ...moduleCases.filter((_, number) => number % 4 === 0)];

const RULE = {
  honest: 'CG1',
  ambient: 'CG2',
  loading: 'CG3',
  forgery: 'CG4',
  results: 'CG5',
  life: 'CG6',
  wasm: 'CG7',
} as const;

describe.each(Object.keys(RULE) as (keyof typeof RULE)[])('%s', (family) => {
  for (const one of programCases.filter((program) => program.family === family)) {
    test(`${RULE[family]}: ${family}: ${one.name}`, async () => {
      expect(await judgeProgram(tab, grid, attacker, one)).toEqual([]);
    });
  }
});

describe('frame', () => {
  frameCases.forEach(({ name }, number) => {
    test(`CG8: a frame that was taken over: ${name}`, async () => {
      expect(await judgeFrame(tab, grid, attacker, number)).toEqual([]);
    });
  });
});
