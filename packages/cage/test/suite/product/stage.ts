import type { ProgramCase } from '../case.ts';
import type { Attacker } from '../harness/attacker.ts';
import { HONEST } from '../harness/judge.ts';
import type { Mutation } from '../harness/mutation.ts';
import type { OpenedPage, SuiteBrowser } from '../harness/page.ts';
import type { ProductCoordinator } from './coordinator.ts';
import { startCoordinator } from './coordinator.ts';
import { judgeEnd } from './judge.ts';
import type { Proxy } from './proxy.ts';
import { startProxy } from './proxy.ts';
import { submitCase } from './submit.ts';

/** A coordinator, what stands before it, and a browser's tab that lends it one slot on the volunteers' page. */
export interface Stage {
  coordinator: ProductCoordinator;
  proxy: Proxy;
  page: OpenedPage;
  attacker: Attacker;
  close(): Promise<void>;
}

const START_TRIES = 600;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const element = (id: string): string => `document.querySelector('[data-testid="${id}"]')`;

/** Consents on the volunteers' page, as a person would. */
const lend = async (page: OpenedPage): Promise<void> => {
  for (let tries = 0; (await page.evaluate(`${element('start')} !== null`)) !== true; tries++) {
    if (tries > START_TRIES) throw new Error('the volunteers’ page offers no start');
    await pause(50);
  }
  await page.evaluate(`${element('start')}.click()`);
};

/** All that was opened is closed, should a part of it not come up. */
export const openStage = async (browser: SuiteBrowser, attacker: Attacker, mutation: Mutation): Promise<Stage> => {
  const opened: { close(): Promise<void> }[] = [];
  const keep = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.unshift(part);
    return part;
  };
  const close = async (): Promise<void> => {
    for (const part of opened) await part.close();
  };
  try {
    const proxy = keep(await startProxy(mutation));
    const coordinator = keep(await startCoordinator(proxy.port));
    proxy.passTo(coordinator.port);
    const page = keep(await browser.openPage(`http://localhost:${proxy.port}/?slots=1`));
    await lend(page);
    return { coordinator, proxy, page, attacker, close };
  } catch (error) {
    await close();
    throw error;
  }
};

export const honest: ProgramCase = {
  name: 'afterwards',
  family: 'honest',
  program: HONEST.replace('seed: ctx.unit.seed', 'index: ctx.unit.index'),
  inputs: [{ json: 21 }],
  expect: { value: { twice: 42, index: 0 } },
};

const POLLUTION = 'Reflect.ownKeys(Object.prototype).map(String).toSorted().join()';

/** What must be true after every case, whatever it tried; hits are waited for `settleMs`. */
export const holds = async ({ attacker, page, coordinator }: Stage, settleMs: number): Promise<string[]> => {
  await pause(settleMs);
  const wrong = attacker.take().map((hit) => `the attacker got ${hit}`);
  const names = await page.evaluate<string>(POLLUTION);
  const clean = Reflect.ownKeys(Object.prototype).map(String).toSorted().join();
  if (names !== clean) wrong.push(`the page's Object.prototype has ${names}`);
  const after = judgeEnd(honest, await submitCase(coordinator, honest, null));
  return [...wrong, ...after.map((line) => `an honest program afterwards: ${line}`)];
};
