import type { Attacker } from './attacker.ts';

import type { Grid } from './grid.ts';
import type { Tab } from './tab.ts';
import type { FrameCase, ProgramCase } from '../case.ts';
import type { LeaseSpec, Report } from '../browser/wire.ts';

export const HONEST = 'export const run = (x, ctx) => ({ twice: x * 2, seed: ctx.unit.seed });';

/** The cage host on which programs are judged. */
const HOST = 1;
/** That of programs which may end the renderer of theirs; frames that were taken over have the one between. */
const DOOMED_HOST = 3;

/** Hits need a moment to arrive. */
const settle = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const meets = ({ expect }: ProgramCase, { outcomes, end }: Report): string | undefined => {
  if ('holds' in expect) return undefined;
  if ('end' in expect) return end.kind === expect.end ? undefined : `it ended ${JSON.stringify(end)}`;
  for (const got of outcomes) {
    const text = `${JSON.stringify(got)?.slice(0, 600)}, end ${JSON.stringify(end)}`;
    if (got === null) return `no outcome: ${text}`;
    if ('value' in expect) {
      if (got.kind !== 'json' || JSON.stringify(got.value) !== JSON.stringify(expect.value)) return text;
    } else if ('bytes' in expect) {
      if (got.kind !== 'bytes' || got.bytes.join() !== expect.bytes.join()) return text;
    } else if (got.kind !== 'error' || got.phase !== expect.error || expect.says?.test(got.message) === false) {
      return text;
    }
  }
  return undefined;
};

/** What must be true after every case, whatever it tried. */
const holds = async (tab: Tab, attacker: Attacker, wait: number): Promise<string[]> => {
  await settle(wait);
  const clean = JSON.stringify(Reflect.ownKeys(Object.prototype).map(String).toSorted());
  const wrong = attacker.take().map((hit) => `the attacker got ${hit}`);
  for (const where of ['pollution', 'engine.pollution']) {
    const names = await tab.call<string[]>(where);
    if (JSON.stringify(names.toSorted()) !== clean) wrong.push(`${where}: ${names.join()}`);
  }
  return wrong;
};

/**
 * The frame of the last honest program of each tab: the next program to be judged runs in it, as one lease follows
 * another in the product, and it stays until the next frame stands. While a frame of its host is there Chromium keeps
 * the host's renderer, and to start one for each frame takes longer than most cases.
 */
const kept = new WeakMap<Tab, number>();

const close = async (tab: Tab, frame: number): Promise<void> => {
  await tab.call('engine.close', frame);
  await tab.call('remove', frame);
};

const stillWorks = async (tab: Tab, grid: Grid): Promise<string[]> => {
  const { frame } = await tab.open(grid.cage(HOST));
  const before = kept.get(tab);
  kept.set(tab, frame);
  if (before !== undefined) {
    await close(tab, before);
  }
  const report = await tab.run(frame, { program: HONEST, inputs: [{ json: 21 }], seed: 5 });
  const got = JSON.stringify(report.outcomes[0]);
  return got?.includes('{"twice":42,"seed":5}') ? [] : [`an honest program afterwards: ${got}`];
};

/** What came of a lease behind the walls, and all that is wrong of them: nothing where they hold. */
export interface Observed {
  report: Report;
  wrong: string[];
}

/** Where a lease runs, and whose hits are waited for how long. */
interface Place {
  tab: Tab;
  grid: Grid;
  attacker: Attacker;
  settleMs: number;
}

const observeIn = async (frame: number, spec: LeaseSpec, place: Place): Promise<Observed> => {
  const { tab, grid, attacker, settleMs } = place;
  const report = await tab.run(frame, spec);
  const wrong = [...report.disorder, ...(await holds(tab, attacker, settleMs))];
  return { report, wrong: [...wrong, ...(await stillWorks(tab, grid))] };
};

/** Runs one lease behind the walls. */
export const observe = async (spec: LeaseSpec, place: Place): Promise<Observed> => {
  const { tab, grid, attacker } = place;
  attacker.take();
  const frame = kept.get(tab) ?? (await tab.open(grid.cage(HOST))).frame;
  kept.set(tab, frame);
  return observeIn(frame, spec, place);
};

/** The same for what may end its host's renderer, which all frames of the host share: on a host of its own. */
const observeDoomed = async (spec: LeaseSpec, place: Place): Promise<Observed> => {
  const { tab, grid, attacker } = place;
  attacker.take();
  const { frame } = await tab.open(grid.cage(DOOMED_HOST));
  const observed = await observeIn(frame, spec, place);
  await close(tab, frame);
  return observed;
};

/** Runs one program behind the walls and says all that is wrong: nothing where the walls hold. */
export const judgeProgram = async (tab: Tab, grid: Grid, attacker: Attacker, one: ProgramCase): Promise<string[]> => {
  const { family, inputs, program, deadlineMs, resultBytes, endsRenderer = false } = one;
  const spec = { program, deadlineMs, resultBytes, inputs: inputs ?? [{ json: null }], params: attacker.urls };
  const settleMs = family === 'loading' || family === 'ambient' ? 60 : 10;
  const look = endsRenderer ? observeDoomed : observe;
  const { report, wrong } = await look(spec, { tab, grid, attacker, settleMs });
  const unmet = meets(one, report);
  return [...(unmet === undefined ? [] : [unmet]), ...wrong];
};

/** The text of a hostile frame's script. */
export const frameScripts = (cases: readonly FrameCase[], attacker: Attacker): Record<string, string> =>
  Object.fromEntries(cases.map(({ script }, n) => [`${n}`, `const U = ${JSON.stringify(attacker.urls)}; ${script}`]));

/** Leaves a document whose own script is the attacker's in the page for a while. */
export const judgeFrame = async (
  tab: Tab,
  grid: Grid,
  attacker: Attacker,
  number: number,
  ms = 700,
): Promise<string[]> => {
  attacker.take();
  const seen = await tab.call<{ outcome: string; left: number; here: string; got: string[] }>(
    'expose',
    grid.hostile(2, `${number}`),
    ms,
  );
  const wrong = await holds(tab, attacker, 100);
  for (const thing of seen.got) wrong.push(`the frame got ${thing}`);
  if (seen.left !== 0) wrong.push('the frame was left in the page');
  if (seen.here !== '/') wrong.push('the page was navigated');
  return [...wrong, ...(await stillWorks(tab, grid))];
};
