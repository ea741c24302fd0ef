import type { ProgramCase } from '../case.ts';
import type { Tell } from '../command/report.ts';
import type { WallCases } from '../command/walls.ts';
import { isOpenIn } from '../command/walls.ts';
import type { Attacker } from '../harness/attacker.ts';
import type { Mutation } from '../harness/mutation.ts';
import type { SuiteBrowser } from '../harness/page.ts';
import { judgeTakenFrame } from './frame.ts';
import { judgeEnd } from './judge.ts';
import type { Stage } from './stage.ts';
import { holds, openStage } from './stage.ts';
import { submitCase } from './submit.ts';

/** Hits need a moment to arrive, ms. */
const SETTLE_MS = 60;

/** Offers a case's program as a job, and says all that is wrong. */
export const judgeJob = async (stage: Stage, one: ProgramCase): Promise<string[]> => {
  stage.attacker.take();
  const unmet = judgeEnd(one, await submitCase(stage.coordinator, one, stage.attacker.urls));
  return [...unmet, ...(await holds(stage, SETTLE_MS))];
};

/**
 * Judges the cases one by one through a real coordinator in a tab on the volunteers' page: programs as jobs, frames in
 * the place of a job's cage.
 */
export const runThroughProduct = async (
  browser: SuiteBrowser,
  attacker: Attacker,
  { programs, frames }: WallCases,
  mutation: Mutation,
  tell: Tell,
): Promise<void> => {
  const stage = await openStage(browser, attacker, mutation);
  const named = (name: string): string => `${name} (as a job, on the volunteers' page)`;
  try {
    for (const one of programs) {
      tell({ name: named(one.name), family: one.family, wrong: await judgeJob(stage, one) });
    }
    for (const one of frames) {
      const wrong = await judgeTakenFrame(stage, one);
      tell({ name: named(one.name), family: one.family, wrong, isOpen: isOpenIn(browser, one, wrong) });
    }
  } finally {
    await stage.close();
  }
};
