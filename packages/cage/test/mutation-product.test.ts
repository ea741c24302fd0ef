import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CageDocument } from '../src/served/document.ts';
import { documentOf } from '../src/served/document.ts';
import { openChromium } from './suite/browsers/chromium.ts';
import { frameCases, programCases } from './suite/cases/index.ts';
import type { Attacker } from './suite/harness/attacker.ts';
import { startAttacker } from './suite/harness/attacker.ts';
import type { Mutation } from './suite/harness/mutation.ts';
import { withoutWalls, withScript } from './suite/harness/mutation.ts';
import type { SuiteBrowser } from './suite/harness/page.ts';
import { judgeTakenFrame } from './suite/product/frame.ts';
import { judgeJob } from './suite/product/run.ts';
import { openStage } from './suite/product/stage.ts';

// The gate of the suite as jobs: each run starts a coordinator, so that few cases stand for all.
const PROGRAMS = ['fetch', 'WebSocket'];
const FRAMES = ['navigates itself', 'fetches'];

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

/** How long a hostile frame is left once more where it was not noticed, ms: a busy machine is slow to connect. */
const PATIENCE_MS = 10_000;

interface Noticed {
  /** Cases that complain. */
  names: string[];
  /** Those among them that saw the attacker reached. */
  reached: string[];
}

/** What the named cases say of a coordinator without some walls. Frames that are `awaited` to be noticed get time for it. */
const noticed = async (
  mutation: Mutation,
  wanted: readonly string[],
  awaited: readonly string[] = [],
): Promise<Noticed> => {
  const found: Noticed = { names: [], reached: [] };
  const count = (name: string, wrong: readonly string[]): void => {
    if (wrong.length > 0) found.names.push(name);
    if (wrong.some((line) => line.startsWith('the attacker got'))) found.reached.push(name);
  };
  const stage = await openStage(browser, attacker, mutation);
  try {
    for (const one of programCases.filter(({ name }) => wanted.includes(name)))
      count(one.name, await judgeJob(stage, one));
    for (const one of frameCases.filter(({ name }) => wanted.includes(name))) {
      const wrong = await judgeTakenFrame(stage, one);
      const isLate = wrong.length === 0 && awaited.includes(one.name);
      count(one.name, isLate ? await judgeTakenFrame(stage, one, PATIENCE_MS) : wrong);
    }
  } finally {
    await stage.close();
  }
  return found;
};

test("CS10: with all walls up, none of the gate's cases complains as a job", async () => {
  expect(await noticed({}, [...PROGRAMS, ...FRAMES])).toEqual({ names: [], reached: [] });
});

test('CS10: without the scrub, a job is noticed that finds what should be gone', async () => {
  expect((await noticed({ scrub: true }, ['fetch', 'Intl'])).names).toEqual(['fetch', 'Intl']);
});

test('CS10: without the Connection-Allowlist, a frame in a job’s place reaches the attacker by navigating itself', async () => {
  const { reached } = await noticed({ allowlist: true }, FRAMES, ['navigates itself']);
  expect(reached).toEqual(['navigates itself']);
});

test('CS10: without the CSP as well, such a frame reaches the attacker by fetching', async () => {
  // As a job no case notices that the CSP alone is gone: in Chromium the other walls stand in for it.
  const { reached } = await noticed({ csp: true, allowlist: true }, ['fetches'], ['fetches']);
  expect(reached).toEqual(['fetches']);
});

test('CS10: without scrub, CSP and Connection-Allowlist, jobs reach the attacker and the suite notices', async () => {
  const { names, reached } = await noticed(
    { scrub: true, csp: true, allowlist: true },
    [...PROGRAMS, ...FRAMES],
    FRAMES,
  );
  expect(names.toSorted()).toEqual([...PROGRAMS, ...FRAMES].toSorted());
  expect(reached).toEqual(names);
});

test('CS11: a wall that a cage does not have cannot be taken away', () => {
  const full = documentOf('1', 'http://localhost:1');
  const lacking = (name: string): CageDocument => ({
    html: full.html,
    headers: Object.fromEntries(Object.entries(full.headers).filter(([key]) => key !== name)),
  });
  expect(() => withoutWalls(lacking('Content-Security-Policy'), { csp: true })).toThrow(/no Content-Security-Policy/);
  expect(() => withoutWalls(lacking('Connection-Allowlist'), { allowlist: true })).toThrow(/no Connection-Allowlist/);
  expect(withoutWalls(full, { csp: true, allowlist: true }).headers).not.toHaveProperty('Connection-Allowlist');
  // Its own script must be the one that its policy allows; then another one may stand in its place.
  expect(withScript(full, '2')).toEqual(documentOf('2', 'http://localhost:1'));
  expect(() => withScript({ ...full, html: documentOf('3', 'http://localhost:1').html }, '2')).toThrow(/no script/);
});
