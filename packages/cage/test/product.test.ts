import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChromium } from './suite/browsers/chromium.ts';
import type { ProgramCase } from './suite/case.ts';
import { frameCases, programCases } from './suite/cases/index.ts';
import type { CaseReport, Judged } from './suite/command/report.ts';
import { caseReport } from './suite/command/report.ts';
import type { WallCases } from './suite/command/walls.ts';
import type { Attacker } from './suite/harness/attacker.ts';
import { startAttacker } from './suite/harness/attacker.ts';
import { requireReachable } from './suite/harness/control.ts';
import type { SuiteBrowser } from './suite/harness/page.ts';
import { judgeEnd } from './suite/product/judge.ts';
import { runThroughProduct } from './suite/product/run.ts';
import type { Ended, UnitEnd } from './suite/product/submit.ts';

// `npm run test:cage` offers every case as a job; here some are.
const SOME = ['honest: returns bytes', 'ambient: fetch', 'loading: imports over http', 'life: loops'];
const FRAMES = ['changes the page', 'calls the page', 'gets local storage', 'speaks Comlink to the page'];

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

const outcomes = async (cases: WallCases): Promise<CaseReport[]> => {
  const reports: CaseReport[] = [];
  const tell = (judged: Judged): void => void reports.push(caseReport(judged));
  await runThroughProduct(browser, attacker, cases, {}, tell);
  expect(attacker.hits()).toBe(0);
  // Nothing was heard, though this browser would have been, had nothing held it back.
  await requireReachable(browser);
  return reports;
};

test('CS1: programs are held as jobs of a real coordinator in the volunteers’ page', async () => {
  const programs = programCases.filter(({ name, family }) => SOME.includes(`${family}: ${name}`));
  const reports = await outcomes({ programs, frames: [] });
  expect(reports.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(reports.length).toBe(SOME.length);
});

test('CS1: frames that were taken over are held in the place of a job’s cage', async () => {
  const frames = frameCases.filter(({ name }) => FRAMES.includes(name));
  const reports = await outcomes({ programs: [], frames });
  expect(reports.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(reports.length).toBe(FRAMES.length);
});

test('CS2: what a job ended with is held against what its case expects', () => {
  const program = 'export const run = () => 1;';
  const value: ProgramCase = { name: 'x', family: 'ambient', program, expect: { value: 'blocked' } };
  const units = (end: UnitEnd | null): Ended => ({ kind: 'units', units: [end] });
  expect(judgeEnd(value, units({ output: 'blocked' }))).toEqual([]);
  expect(judgeEnd(value, units({ output: 'got out' }))).toHaveLength(1);
  expect(judgeEnd(value, units(null))).toHaveLength(1);
  expect(judgeEnd(value, { kind: 'stuck', state: 'running' })).toHaveLength(1);
  const honest: ProgramCase = { ...value, family: 'honest', expect: { bytes: [1, 2] } };
  expect(judgeEnd(honest, units({ bytes: 'AQI=' }))).toEqual([]);
  expect(judgeEnd(honest, units({ bytes: 'AQM=' }))).toHaveLength(1);
  const holds: ProgramCase = { ...value, expect: { holds: true } };
  expect(judgeEnd(holds, units({ error: 'whatever' }))).toEqual([]);
  expect(judgeEnd(holds, units(null))).toHaveLength(1);
  const trap: ProgramCase = { ...value, family: 'wasm', expect: { error: 'run', says: /^Trap: unreachable$/ } };
  const told = (phase: string, message: string): UnitEnd => ({
    error: `The program failed 1 time. Last error: ${message}`,
    failure: { phase, message },
  });
  expect(judgeEnd(trap, units(told('run', 'Trap: unreachable')))).toEqual([]);
  expect(judgeEnd(trap, units(told('run', 'Trap: divide-by-zero')))).toHaveLength(1);
  expect(judgeEnd(trap, units(told('load', 'Trap: unreachable')))).toHaveLength(1);
  expect(judgeEnd(trap, units({ error: 'It ran past its deadline of 1000 ms' }))).toHaveLength(1);
  const overran: ProgramCase = { ...value, family: 'life', expect: { end: 'overran' } };
  expect(judgeEnd(overran, units({ error: 'It ran past its deadline of 1000 ms' }))).toEqual([]);
  expect(judgeEnd(overran, units({ output: 1 }))).toHaveLength(1);
});

test('CS8: as a job a program is refused with the code and the words that its case names, or it must be taken', () => {
  const program = 'import "x"; export const run = () => 1;';
  const taken: ProgramCase = { name: 'x', family: 'loading', program, expect: { value: 'refused' } };
  const barred: ProgramCase = { ...taken, asJob: { refused: 'program-imports', says: /"x" is imported/ } };
  const refused = (code: string, detail: string): Ended => ({ kind: 'refused', code, detail });
  expect(judgeEnd(barred, refused('program-imports', 'program.js:1:1: "x" is imported'))).toEqual([]);
  // Another rule, another import, or no rule for programs at all.
  expect(judgeEnd(barred, refused('program-exports', 'program.js:1:1: "x" is imported'))).toHaveLength(1);
  expect(judgeEnd(barred, refused('program-imports', 'program.js:1:1: "y" is imported'))).toHaveLength(1);
  expect(judgeEnd(barred, refused('rate-limited', ''))).toHaveLength(1);
  // It got to a tab, whatever the tab made of it.
  expect(judgeEnd(barred, { kind: 'units', units: [{ output: 'refused' }] })).toHaveLength(1);
  expect(judgeEnd(taken, refused('program-imports', 'program.js:1:1: "x" is imported'))).toHaveLength(1);
  expect(judgeEnd(taken, { kind: 'units', units: [{ output: 'refused' }] })).toEqual([]);
});

test('CS8: a program may come to another end as a job than on the suite’s own page', () => {
  const one: ProgramCase = { name: 'x', family: 'wasm', program: '', expect: { error: 'load' }, asJob: { value: 1 } };
  expect(judgeEnd(one, { kind: 'units', units: [{ output: 1 }] })).toEqual([]);
  expect(judgeEnd(one, { kind: 'units', units: [{ error: '{"phase":"load","message":"x"}' }] })).toHaveLength(1);
});
