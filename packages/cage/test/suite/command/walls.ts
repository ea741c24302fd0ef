import type { FrameCase, ProgramCase } from '../case.ts';
import type { Attacker } from '../harness/attacker.ts';
import type { Mutation } from '../harness/mutation.ts';
import { startGrid } from '../harness/grid.ts';
import { frameScripts, judgeFrame, judgeProgram } from '../harness/judge.ts';
import type { SuiteBrowser } from '../harness/page.ts';
import { tabOf } from '../harness/tab.ts';
import type { Tell } from './report.ts';

/** A connection that was opened, or a name that was looked up, and no more: all that an open case may reach. */
const BARE = /^the attacker got (?:CONNECT|DNS \S+)$/;

/** Whether all that is wrong of a frame is known, and cannot be stopped in this browser. */
export const isOpenIn = (browser: SuiteBrowser, { openIn = [] }: FrameCase, wrong: readonly string[]): boolean =>
  openIn.some((open) => open === browser.name) && wrong.every((line) => BARE.test(line));

export interface WallCases {
  programs: readonly ProgramCase[];
  frames: readonly FrameCase[];
}

/** Judges the cases one by one on the suite's own page, with the walls of the product but for the mutation's. */
export const runBehindWalls = async (
  browser: SuiteBrowser,
  attacker: Attacker,
  { programs, frames }: WallCases,
  mutation: Mutation,
  tell: Tell,
): Promise<void> => {
  const grid = await startGrid(frameScripts(frames, attacker), mutation);
  const tab = await tabOf(await browser.openPage(grid.page));
  try {
    for (const one of programs) {
      tell({ name: one.name, family: one.family, wrong: await judgeProgram(tab, grid, attacker, one) });
    }
    for (const [number, one] of frames.entries()) {
      const wrong = await judgeFrame(tab, grid, attacker, number);
      tell({ name: one.name, family: one.family, wrong, isOpen: isOpenIn(browser, one, wrong) });
    }
  } finally {
    await tab.close();
    await grid.close();
  }
};
