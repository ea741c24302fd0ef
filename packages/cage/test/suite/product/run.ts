import type { ProgramCase } from '../case.ts';
import type { Tell } from '../command/report.ts';
import type { Attacker } from '../harness/attacker.ts';
import { HONEST } from '../harness/judge.ts';
import type { OpenedPage, SuiteBrowser } from '../harness/page.ts';
import type { ProductCoordinator } from './coordinator.ts';
import { startCoordinator } from './coordinator.ts';
import { judgeEnd } from './judge.ts';
import { submitCase } from './submit.ts';

/** Hits need a moment to arrive, ms. */
const SETTLE_MS = 60;
const START_TRIES = 600;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const element = (id: string): string => `document.querySelector('[data-testid="${id}"]')`;
const POLLUTION = 'Reflect.ownKeys(Object.prototype).map(String).toSorted().join()';

/** Consents on the volunteers' page, as a person would. */
const lend = async (page: OpenedPage): Promise<void> => {
  for (let tries = 0; (await page.evaluate(`${element('start')} !== null`)) !== true; tries++) {
    if (tries > START_TRIES) throw new Error('the volunteers’ page offers no start');
    await pause(50);
  }
  await page.evaluate(`${element('start')}.click()`);
};

const honest: ProgramCase = {
  name: 'afterwards',
  family: 'honest',
  program: HONEST.replace('seed: ctx.unit.seed', 'index: ctx.unit.index'),
  inputs: [{ json: 21 }],
  expect: { value: { twice: 42, index: 0 } },
};

const judge = async (
  coordinator: ProductCoordinator,
  page: OpenedPage,
  attacker: Attacker,
  one: ProgramCase,
): Promise<string[]> => {
  attacker.take();
  const wrong = judgeEnd(one, await submitCase(coordinator, one, attacker.urls));
  await pause(SETTLE_MS);
  wrong.push(...attacker.take().map((hit) => `the attacker got ${hit}`));
  const names = await page.evaluate<string>(POLLUTION);
  const clean = Reflect.ownKeys(Object.prototype).map(String).toSorted().join();
  if (names !== clean) wrong.push(`the page's Object.prototype has ${names}`);
  const after = judgeEnd(honest, await submitCase(coordinator, honest, null));
  return [...wrong, ...after.map((line) => `an honest program afterwards: ${line}`)];
};

/** Offers every case as a job of a real coordinator to a tab on the volunteers' page. */
export const runThroughProduct = async (
  browser: SuiteBrowser,
  attacker: Attacker,
  cases: readonly ProgramCase[],
  tell: Tell,
): Promise<void> => {
  const coordinator = await startCoordinator();
  try {
    const page = await browser.openPage(`${coordinator.url}/?slots=1`);
    await lend(page);
    for (const one of cases) {
      if (one.ownPage === true) continue;
      const wrong = await judge(coordinator, page, attacker, one);
      tell({ name: `${one.name} (as a job, on the volunteers' page)`, family: one.family, wrong });
    }
    await page.close();
  } finally {
    await coordinator.close();
  }
};
